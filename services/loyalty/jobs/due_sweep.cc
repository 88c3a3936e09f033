#include "services/loyalty/jobs/due_sweep.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/feed/event_record.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/domain/due.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

// One transaction; answers how many members were due.
absl::StatusOr<int64_t> SweepSome(const ApiContext& api, absl::Time until, sql::Tx& tx) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<std::string> customer_ids,
                             ListDueMembers(tx, until, kSweepMembers));
  if (customer_ids.empty()) {
    return 0;
  }
  std::sort(customer_ids.begin(), customer_ids.end());
  CLIENTELE_RETURN_IF_ERROR(LockMembers(tx, customer_ids));
  CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api.configured_program));
  CLIENTELE_ASSIGN_OR_RETURN(MemberStates states, LoadStates(tx, program, customer_ids));
  std::vector<MemberState*> swept;
  std::vector<feed::OutboxEvent> rows;
  for (auto& entry : states) {
    MemberState& state = entry.second;
    if (state.book.member().due_time.value_or(absl::InfiniteFuture()) > until) {
      continue;  // another replica came first
    }
    BringUpTo(program, until, state);
    AppendOutboxEvents(state.book.events(), rows);
    swept.push_back(&state);
  }
  CLIENTELE_RETURN_IF_ERROR(SaveStates(tx, swept));
  CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, rows));
  return static_cast<int64_t>(customer_ids.size());
}

}  // namespace

absl::Status SweepDueMembers(const ApiContext& api, absl::Time until,
                             absl::FunctionRef<void(int64_t)> on_swept) {
  for (int i = 0; i < kSweepTransactionsMax; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const int64_t swept, sql::WriteIn(api.database, sql::BackgroundTx(),
                                          [&](sql::Tx& tx) { return SweepSome(api, until, tx); }));
    if (swept > 0) {
      on_swept(swept);
      api.poke_outbox();
    }
    if (swept < kSweepMembers) {
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace clientele::loyalty
