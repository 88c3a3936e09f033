#include "common/handler/write_call.h"

#include <memory>
#include <optional>
#include <string>

#include "common/handler/deterministic_bytes.h"
#include "common/sql/retry.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// The request without its id, which may be spelled in two ways, in the one deterministic form.
std::string ContentOf(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> content(request.New());
  content->CopyFrom(request);
  content->GetReflection()->ClearField(content.get(),
                                       content->GetDescriptor()->FindFieldByName("request_id"));
  return DeterministicBytes(*content);
}

// Fills `response` with the remembered answer; false when there is none.
absl::StatusOr<bool> Replay(const HandlerContext& context, sql::Tx& tx, const IdempotencyKey& key,
                            google::protobuf::Message& response) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                             context.idempotency.Find(tx, key));
  if (!answer.has_value()) {
    return false;
  }
  if (!response.ParseFromString(*answer)) {
    return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL",
                        "a remembered answer cannot be read")
        .Build();
  }
  return true;
}

}  // namespace

absl::Status RunWriteInto(
    const HandlerContext& context, rpc::CallContext& call, const WriteKey& key,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::StatusOr<WriteEffect>(sql::Tx& tx, absl::Time record_time)> apply) {
  CLIENTELE_CHECK(key.customer_id.empty() || context.lock_customer != nullptr);
  const std::string content = key.request_id.empty() ? std::string() : ContentOf(request);
  const IdempotencyKey idempotency_key{.customer_id = key.customer_id,
                                       .request_id = key.request_id,
                                       .principal = call.principal,
                                       .method = call.method,
                                       .request_bytes = content};
  bool wrote_events = false;
  const auto attempt = [&](sql::Tx& tx) -> absl::Status {
    response.Clear();
    wrote_events = false;
    if (!key.customer_id.empty()) {
      CLIENTELE_RETURN_IF_ERROR(context.lock_customer(tx, key.customer_id));
    }
    CLIENTELE_ASSIGN_OR_RETURN(call.replayed, Replay(context, tx, idempotency_key, response));
    if (call.replayed) {
      return absl::OkStatus();
    }
    const absl::Time record_time = context.RecordNow();
    CLIENTELE_ASSIGN_OR_RETURN(const WriteEffect effect, apply(tx, record_time));
    if (!effect.changed) {
      return absl::OkStatus();
    }
    wrote_events = !effect.events.empty();
    CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, effect.events));
    return context.idempotency.Save(tx, idempotency_key, response.SerializeAsString(), record_time);
  };
  const sql::TxOptions options = {.deadline = call.deadline};
  // Without a request_id there is nothing to look for after a lost commit.
  absl::Status status = key.request_id.empty()
                            ? context.database.RunInTransaction(options, attempt)
                            : sql::RunIdempotent(context.database, options, attempt);
  if (status.ok() && wrote_events) {
    context.poke_outbox();
  }
  return status;
}

}  // namespace clientele
