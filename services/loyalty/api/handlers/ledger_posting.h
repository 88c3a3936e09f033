#ifndef SERVICES_LOYALTY_API_HANDLERS_LEDGER_POSTING_H_
#define SERVICES_LOYALTY_API_HANDLERS_LEDGER_POSTING_H_

// Redeem and Adjust: postings that concurrent callers make in one transaction. Internal to the
// handlers.

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/audit/call_record.h"
#include "common/handler/audit_write.h"
#include "common/rpc/call_context.h"
#include "common/sql/group_commit.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_tx.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// What all postings of one call share; a value, as postings outlive their call. Two calls never
// share one, whatever ids their callers gave them.
struct PostingCall {
  explicit PostingCall(const rpc::CallContext& call)
      : traceparent(call.traceparent), audit_record(WriteRecordOf(call)) {}

  const std::string traceparent;
  const std::optional<audit::CallRecord> audit_record;
};

// One of them. What came of it counts once its transaction has ended with OK.
struct LedgerPosting final : sql::GroupMember {
  // `posting_call` is not null.
  LedgerPosting(PostingCommand posted, std::shared_ptr<const PostingCall> posting_call)
      : command(std::move(posted)),
        call(std::move(posting_call)),
        key_(absl::StrCat(command.points.ledger.customer_id.value(), "/",
                          command.points.ledger.request_id)),
        customer_id_(command.points.ledger.customer_id.value()) {}

  absl::string_view key() const override { return key_; }
  absl::Span<const std::string> lock_keys() const override { return {&customer_id_, 1}; }

  const PostingCommand command;
  const std::shared_ptr<const PostingCall> call;

  absl::Status refusal;
  bool replayed = false;  // the entry was made by the same request before
  Entry entry;            // unless it was refused

 private:
  const std::string key_;
  const std::string customer_id_;
};

// Which postings are looked up, whether their requests were done before: all of them, or those that
// are refused when they are taken for new. Then what is wrongly taken for new ends in
// sql::IsUniqueViolated of kEntryByCause.
enum class LookUp { kFirst, kWhenRefused };

// Decides the postings, of different requests, in their order on the members' books, each on what
// those before it left, and fills in what comes of them. Stores what was accepted; nothing when
// they are validate_only. The members are locked then.
absl::Status Post(const ApiContext& api, LedgerAttempt& attempt, LookUp look_up,
                  absl::Span<LedgerPosting* const> postings);

// A sql::GroupCommit::Commit whose members are LedgerPostings, none of them validate_only.
absl::Status CommitPostings(const ApiContext& api, absl::Span<sql::GroupMember* const> members,
                            absl::Time deadline);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_LEDGER_POSTING_H_
