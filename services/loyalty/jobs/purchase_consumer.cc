#include "services/loyalty/jobs/purchase_consumer.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "common/feed/event_record.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/domain/due.h"
#include "services/loyalty/jobs/purchase_batch.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

// Names the events of the book that have no id yet, which `cause_id` made: UUIDv5 of it and their
// number among its effects, the same whenever the feed is applied anew.
absl::Status NameEffects(const std::string& cause_id, LedgerBook& book) {
  absl::Status status;
  int ordinal = 0;
  book.NameEvents([&](const Event&) {
    absl::StatusOr<std::string> id = UuidV5(cause_id, absl::StrCat(++ordinal));
    status.Update(id.status());
    return id.ok() ? *std::move(id) : "";
  });
  return status;
}

// The members of one batch.
class BatchApplier {
 public:
  BatchApplier(sql::Tx& tx, const Program& program, const ApiContext& api, MemberStates states)
      : tx_(tx), program_(program), api_(api), states_(std::move(states)) {}

  // As of when the event was recorded, after what was due then: whether the sweep has posted that,
  // when the event arrives and how the feed is cut makes no difference. But not as of before what
  // came in front of it, as far as replicas' clocks differ: what counts for the tier goes on
  // counting. A command may be far ahead of the feed, and so counts for a minute only.
  absl::Status Apply(const PurchaseItem& item) {
    MemberState& state = StateOf(item);
    touched_.insert_or_assign(item.customer_id.value(), &state);
    const absl::Time record_time = item.time.record_time;
    Member& member = state.book.mutable_member();
    const absl::Time as_of = api_.BusinessTimeOf(
        std::clamp(member.last_record_time, record_time, record_time + kRecordedLateMax));
    BringUpTo(program_, as_of, state);
    const int64_t changes_before = state.history.change_count();
    CLIENTELE_RETURN_IF_ERROR(std::visit(
        [&](const auto& what) { return ApplyTo(what, item.time, as_of, state); }, item.what));
    if (state.history.change_count() > changes_before) {
      member.last_record_time = std::max(member.last_record_time, record_time);
      RefreshTier(program_, as_of, record_time, state);
    }
    return NameEffects(item.event_id, state.book);
  }

  // Stores everything; appends the events to `rows`. Answers the members that were changed.
  absl::StatusOr<std::vector<MemberState*>> Save(std::vector<feed::OutboxEvent>& rows) {
    std::vector<MemberState*> changed;
    for (const auto& [customer_id, state] : touched_) {
      if (state->history.change_count() == 0) {
        continue;  // what was due can wait for the sweep
      }
      AppendOutboxEvents(state->book.events(), rows);
      changed.push_back(state);
    }
    CLIENTELE_RETURN_IF_ERROR(SaveStates(tx_, changed));
    return changed;
  }

 private:
  MemberState& StateOf(const PurchaseItem& item) {
    const auto found = states_.find(item.customer_id.value());
    if (found != states_.end()) {
      return found->second;
    }
    Member member;
    member.id = item.customer_id;
    member.enroll_time = item.time.occur_time;
    return states_
        .try_emplace(item.customer_id.value(),
                     MemberState{LedgerBook(program_, std::move(member), {}), {}})
        .first->second;
  }

  // What a refund takes points back from may have nothing left, and is then not in the book.
  absl::Status LoadLotOf(const PurchaseId& purchase_id, MemberState& state) {
    const Earning* earning = state.history.Find(purchase_id);
    return earning == nullptr || earning->lot_seq == 0
               ? absl::OkStatus()
               : LoadLotInto(tx_, earning->lot_seq, state.book);
  }

  absl::Status ApplyTo(const RecordedPurchase& purchase, PostingTime time, absl::Time as_of,
                       MemberState& state) {
    ApplyPurchase(program_, purchase, time, as_of, state);
    return absl::OkStatus();
  }

  absl::Status ApplyTo(const RecordedRefund& refund, PostingTime time, absl::Time as_of,
                       MemberState& state) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotOf(refund.purchase_id, state));
    return ApplyRefund(refund, time, as_of, state);
  }

  absl::Status ApplyTo(const CancelledPurchase& cancel, PostingTime time, absl::Time as_of,
                       MemberState& state) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotOf(cancel.purchase_id, state));
    return ApplyCancel(cancel.purchase_id, time, as_of, state);
  }

  sql::Tx& tx_;
  const Program& program_;
  const ApiContext& api_;
  MemberStates states_;
  absl::btree_map<std::string, MemberState*> touched_;
};

std::set<std::string> FindOtherCurrencies(absl::Span<const PurchaseItem> items,
                                          const std::string& program_currency_code) {
  std::set<std::string> found;
  for (const PurchaseItem& item : items) {
    const auto* purchase = std::get_if<RecordedPurchase>(&item.what);
    if (purchase != nullptr && purchase->currency_code != program_currency_code) {
      found.insert(purchase->currency_code);
    }
  }
  return found;
}

}  // namespace

PurchaseConsumer::PurchaseConsumer(const ApiContext& api,
                                   std::function<void(const OtherCurrency&)> on_other_currency)
    : api_(api), on_other_currency_(std::move(on_other_currency)) {}

absl::Status PurchaseConsumer::Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) {
  changed_.clear();
  found_currencies_.clear();
  PurchaseBatch batch;
  for (const common::v1::Event& event : events) {
    CLIENTELE_RETURN_IF_ERROR(batch.Add(event));
  }
  if (batch.items().empty()) {
    return absl::OkStatus();
  }
  const std::vector<std::string> customer_ids = batch.CustomerIds();
  CLIENTELE_RETURN_IF_ERROR(LockMembers(tx, customer_ids));
  const auto first = absl::c_min_element(batch.items(), [](const auto& a, const auto& b) {
    return a.time.record_time < b.time.record_time;
  });
  CLIENTELE_RETURN_IF_ERROR(PublishProgram(tx, api_.configured_program, first->time.record_time));
  CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api_.configured_program));
  CLIENTELE_ASSIGN_OR_RETURN(MemberStates states, LoadStates(tx, program, customer_ids));
  program_currency_code_ = program.currency.ToString();
  found_currencies_ = FindOtherCurrencies(batch.items(), program_currency_code_);
  BatchApplier applier(tx, program, api_, std::move(states));
  for (const PurchaseItem& item : batch.items()) {
    CLIENTELE_RETURN_IF_ERROR(applier.Apply(item));
  }
  std::vector<feed::OutboxEvent> rows;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<MemberState*> changed, applier.Save(rows));
  changed_.reserve(changed.size());
  for (const MemberState* state : changed) {
    const Member& member = state->book.member();
    changed_.push_back({member.id.value(), member.version});
  }
  CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, rows));
  // The sequencer waits for this transaction to end; should it come too early, it polls.
  api_.poke_outbox();
  return absl::OkStatus();
}

void PurchaseConsumer::OnCommitted() {
  std::vector<cache::RowVersion> rows;
  rows.reserve(changed_.size());
  for (const ChangedMember& member : changed_) {
    rows.push_back({.id = member.customer_id, .version = member.version});
  }
  api_.cache.OutdateAll(api_.cached_tiers, rows);
  for (const std::string& currency_code : found_currencies_) {
    if (told_currencies_.insert(currency_code).second) {
      on_other_currency_({currency_code, program_currency_code_});
    }
  }
}

}  // namespace clientele::loyalty
