#include "common/handler/write_call.h"

#include <optional>
#include <string>

#include "common/handler/audit_write.h"
#include "common/handler/event_traces.h"
#include "common/handler/remembered_answer.h"
#include "common/handler/request_content.h"
#include "common/handler/write_tx.h"
#include "common/rpc/subjects.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// Whom the answer is about: where the request does not say, because it made a customer, its events
// do.
absl::string_view OwnerOf(const WriteKey& key, const WriteEffect& effect) {
  if (!key.customer_id.empty() || effect.events.empty()) {
    return key.customer_id;
  }
  return effect.events.front().customer_id;
}

}  // namespace

absl::StatusOr<bool> FindAnswer(const HandlerContext& context, sql::Tx& tx,
                                const IdempotencyKey& key, google::protobuf::Message& response) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<std::string> remembered,
                             context.idempotency.Find(tx, key));
  if (!remembered.has_value()) {
    return false;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::string answer,
                             OpenAnswer(context, tx, key.request_id, *std::move(remembered)));
  if (!response.ParseFromString(answer)) {
    return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL",
                        "a remembered answer cannot be read")
        .Build();
  }
  return true;
}

absl::Status RunWriteInto(
    const HandlerContext& context, rpc::CallContext& call, const WriteKey& key,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::StatusOr<WriteEffect>(sql::Tx& tx, absl::Time record_time)> apply) {
  const std::string content = key.request_id.empty() ? std::string() : ContentOf(request);
  const IdempotencyKey idempotency_key{.customer_id = key.customer_id,
                                       .request_id = key.request_id,
                                       .principal = call.principal,
                                       .method = call.method,
                                       .request_bytes = content};
  const WriteScope scope{.customer_id = key.customer_id,
                         .validate_only = IsValidateOnly(request),
                         .looks_first = !key.request_id.empty()};
  return RunWriteTx(context, call, scope, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    response.Clear();
    CLIENTELE_ASSIGN_OR_RETURN(call.replayed, FindAnswer(context, tx, idempotency_key, response));
    if (call.replayed) {
      return false;
    }
    const absl::Time record_time = context.RecordNow();
    absl::StatusOr<WriteEffect> effect = apply(tx, record_time);
    if (!effect.ok()) {
      // What it met may be its own effect: committed by another process since the look-up, of a
      // request that creates what could have been locked.
      response.Clear();
      CLIENTELE_ASSIGN_OR_RETURN(call.replayed, FindAnswer(context, tx, idempotency_key, response));
      return call.replayed ? absl::StatusOr<bool>(false) : effect.status();
    }
    if (!effect->changed) {
      return false;
    }
    SetTrace(call.traceparent, effect->events);
    CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, effect->events));
    if (call.audits) {
      CLIENTELE_RETURN_IF_ERROR(
          AuditWrite(context, tx, call, rpc::SubjectsOf(&request, &response), record_time));
    }
    CLIENTELE_ASSIGN_OR_RETURN(const std::string answer,
                               SealAnswer(context, tx, {OwnerOf(key, *effect), key.request_id},
                                          record_time, response.SerializeAsString()));
    CLIENTELE_RETURN_IF_ERROR(context.idempotency.Save(tx, idempotency_key, answer, record_time));
    return !effect->events.empty();
  });
}

}  // namespace clientele
