#include "cli/environment.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/output/proto_json.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_mapping.h"
#include "google/rpc/status.pb.h"

namespace clientele::cli {
namespace {

// The status as JSON, its code by name and its details opened.
nlohmann::ordered_json StatusJson(const google::rpc::Status& status) {
  nlohmann::ordered_json json;
  json["code"] = absl::StatusCodeToString(static_cast<absl::StatusCode>(status.code()));
  json["message"] = status.message();
  json["details"] = nlohmann::ordered_json::array();
  for (const auto& detail : status.details()) {
    json["details"].push_back(ToJson(detail, false));
  }
  return json;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> Environment::Connect(
    absl::string_view service) const {
  absl::StatusOr<std::string> address = ResolveEndpoint(endpoints, service);
  if (!address.ok()) {
    return address.status();
  }
  return rpc::Connect(*address);
}

std::unique_ptr<grpc::ClientContext> Environment::NewCall() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  return context;
}

void Environment::Print(absl::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Environment::PrintJson(const nlohmann::ordered_json& json) const {
  Print(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Environment::PrintMessage(const google::protobuf::Message& message) const {
  PrintJson(ToJson(message, true));
}

void Environment::Fail(const absl::Status& status) {
  exit_code_ = kExitError;
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  if (json) {
    PrintJson({{"error", StatusJson(proto)}});
  }
  std::fprintf(err_, "clientele: %s\n", std::string(status.message()).c_str());
}

void Environment::Fail(const grpc::Status& status) {
  exit_code_ = kExitError;
  google::rpc::Status proto;
  if (!proto.ParseFromString(status.error_details()) || proto.code() == 0) {
    proto.Clear();
    proto.set_code(status.error_code());
    proto.set_message(status.error_message());
  }
  if (json) {
    PrintJson({{"error", StatusJson(proto)}});
  }
  const auto code = absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
  std::fprintf(err_, "clientele: %s: %s\n", code.c_str(), proto.message().c_str());
  for (const auto& detail : proto.details()) {
    std::fprintf(err_, "  %s\n", ToJson(detail, false).dump().c_str());
  }
}

}  // namespace clientele::cli
