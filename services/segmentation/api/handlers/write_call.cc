#include "services/segmentation/api/handlers/write_call.h"

#include <memory>
#include <optional>

#include "common/status/macros.h"
#include "services/segmentation/api/converters/deterministic_bytes.h"

namespace clientele::segmentation {
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
absl::StatusOr<bool> Replay(const ApiContext& api, sql::Tx& tx, const IdempotencyKey& key,
                            google::protobuf::Message& response) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                             api.idempotency.Find(tx, key));
  if (answer.has_value() && !response.ParseFromString(*answer)) {
    return absl::InternalError("a remembered answer cannot be read");
  }
  return answer.has_value();
}

}  // namespace

absl::Status RunWriteInto(
    const ApiContext& api, rpc::CallContext& call, const std::string& request_id,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::Status(sql::Tx& tx, absl::Time record_time)> apply) {
  const std::string content = request_id.empty() ? "" : ContentOf(request);
  const IdempotencyKey key{.customer_id = "",
                           .request_id = request_id,
                           .principal = call.principal,
                           .method = call.method,
                           .request_bytes = content};
  return api.database.RunInTransaction(
      {.deadline = call.deadline}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(call.replayed, Replay(api, tx, key, response));
        if (call.replayed) {
          return absl::OkStatus();
        }
        const absl::Time record_time = api.RecordNow();
        CLIENTELE_RETURN_IF_ERROR(apply(tx, record_time));
        return api.idempotency.Save(tx, key, response.SerializeAsString(), record_time);
      });
}

}  // namespace clientele::segmentation
