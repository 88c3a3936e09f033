#include "services/profile/api/handlers/write_call.h"

#include <memory>
#include <optional>
#include <string>

#include "common/feed/event_record.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {
namespace {

// The request without its id, which may be spelled in two ways, in the one deterministic form.
std::string ContentOf(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> content(request.New());
  content->CopyFrom(request);
  content->GetReflection()->ClearField(content.get(),
                                       content->GetDescriptor()->FindFieldByName("request_id"));
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  content->SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// Fills `response` with the remembered answer; false when there is none.
absl::StatusOr<bool> Replay(const ApiContext& api, sql::Tx& tx, const IdempotencyKey& key,
                            google::protobuf::Message& response) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                             api.idempotency.Find(tx, key));
  if (!answer.has_value()) return false;
  if (!response.ParseFromString(*answer)) {
    return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL",
                        "a remembered answer cannot be read")
        .Build();
  }
  return true;
}

}  // namespace

absl::Status RunWriteInto(
    const ApiContext& api, rpc::CallContext& call, const WriteKey& key,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::StatusOr<Effect>(sql::Tx& tx, absl::Time record_time)> apply) {
  const std::string content = key.request_id.empty() ? std::string() : ContentOf(request);
  const IdempotencyKey idempotency_key{.customer_id = key.customer_id,
                                       .request_id = key.request_id,
                                       .principal = call.principal,
                                       .method = call.method,
                                       .request_bytes = content};
  bool wrote_events = false;
  const absl::Status status =
      api.database.RunInTransaction({.deadline = call.deadline}, [&](sql::Tx& tx) -> absl::Status {
        response.Clear();
        wrote_events = false;
        if (!key.customer_id.empty()) {
          CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, {std::string(key.customer_id)}));
        }
        CLIENTELE_ASSIGN_OR_RETURN(call.replayed, Replay(api, tx, idempotency_key, response));
        if (call.replayed) return absl::OkStatus();

        const absl::Time record_time = api.RecordNow();
        CLIENTELE_ASSIGN_OR_RETURN(const Effect effect, apply(tx, record_time));
        if (!effect.changed) return absl::OkStatus();
        wrote_events = !effect.events.empty();
        CLIENTELE_RETURN_IF_ERROR(
            feed::AppendToOutbox(tx, ToOutboxEvents(effect.events, record_time, api.ids)));
        return api.idempotency.Save(tx, idempotency_key, response.SerializeAsString(), record_time);
      });
  if (status.ok() && wrote_events) api.poke_outbox();
  return status;
}

}  // namespace clientele::profile
