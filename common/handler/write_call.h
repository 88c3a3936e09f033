#ifndef COMMON_HANDLER_WRITE_CALL_H_
#define COMMON_HANDLER_WRITE_CALL_H_

// The frame of every write: one transaction in which a repeated request gets its first answer, and
// a new one is applied, told to the feed and to the audit log, and remembered.

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/event_record.h"
#include "common/handler/handler_context.h"
#include "common/idempotency/idempotency_store.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"
#include "google/protobuf/message.h"

namespace clientele {

// What a request did.
struct WriteEffect {
  bool changed = false;  // false: nothing happened, so there is nothing to remember or to tell
  std::vector<feed::OutboxEvent> events;
};

// The key under which a request is remembered. Views must outlive the call.
struct WriteKey {
  absl::string_view customer_id;  // "" for batches and for creates without a chosen id
  absl::string_view request_id;   // canonical; "" = is not remembered
};

// Fills `response` with the answer that is remembered of the request; false when none is.
// ALREADY_EXISTS REQUEST_ID_REUSED; the errors of OpenAnswer (remembered_answer.h).
absl::StatusOr<bool> FindAnswer(const HandlerContext& context, sql::Tx& tx,
                                const IdempotencyKey& key, google::protobuf::Message& response);

// RunWrite for messages of any type; `response` is empty whenever `apply` begins.
absl::Status RunWriteInto(
    const HandlerContext& context, rpc::CallContext& call, const WriteKey& key,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::StatusOr<WriteEffect>(sql::Tx& tx, absl::Time record_time)> apply);

// Applies the request in one transaction: locks the customer of the key, looks the request up, and
// when it is new, calls apply(tx, record_time, response) → absl::StatusOr<WriteEffect>, which fills
// the empty `response` and may run several times. Refusals and errors of `apply` leave nothing
// behind. A request that is remembered has a field `request_id`; when its commit is lost it is
// looked up, and applied when it is not there (sql::RunIdempotent), one that is not remembered
// answers UNKNOWN OUTCOME_UNKNOWN. A request with validate_only (request_content.h) gets the answer
// of an earlier one too; a new one is applied as RunWriteTx says, so `apply` only answers what
// would be, with no change. ALREADY_EXISTS REQUEST_ID_REUSED, FAILED_PRECONDITION
// ANSWER_ERASED, the database's errors and those of `apply`.
template <typename Response, typename Apply>
absl::StatusOr<Response> RunWrite(const HandlerContext& context, rpc::CallContext& call,
                                  const WriteKey& key, const google::protobuf::Message& request,
                                  Apply apply) {
  Response response;
  absl::Status status = RunWriteInto(
      context, call, key, request, response,
      [&](sql::Tx& tx, absl::Time record_time) { return apply(tx, record_time, response); });
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace clientele

#endif  // COMMON_HANDLER_WRITE_CALL_H_
