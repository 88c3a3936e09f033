#include "cli/client/server_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"

namespace clientele::cli {
namespace {

constexpr char kServerStatusUrl[] = "clientele.cli/server-status";

}  // namespace

absl::Status FromServer(const grpc::Status& status) {
  absl::Status converted = rpc::FromGrpcStatus(status);
  if (!converted.ok()) {
    converted.SetPayload(kServerStatusUrl, absl::Cord(status.error_details()));
  }
  return converted;
}

absl::Status FromServer(const google::rpc::Status& status) {
  return FromServer(grpc::Status(static_cast<grpc::StatusCode>(status.code()), status.message(),
                                 status.SerializeAsString()));
}

bool IsFromServer(const absl::Status& status) {
  return status.GetPayload(kServerStatusUrl).has_value();
}

bool MayPass(const absl::Status& status) {
  // A broken connection shows as one of several codes, but never with a reason, which only a
  // server's answer has.
  const std::string reason = GetErrorReason(status);
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
      return true;
    case absl::StatusCode::kResourceExhausted:
      return reason == "OVERLOADED";
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return reason.empty();
    default:
      return false;
  }
}

google::rpc::Status ToStatusProto(const absl::Status& status) {
  google::rpc::Status proto;
  const absl::optional<absl::Cord> sent = status.GetPayload(kServerStatusUrl);
  if (!sent.has_value() || !proto.ParseFromString(std::string(*sent)) || proto.code() == 0) {
    proto.Clear();
    proto.set_code(static_cast<int>(status.code()));
    proto.set_message(std::string(status.message()));
  }
  return proto;
}

}  // namespace clientele::cli
