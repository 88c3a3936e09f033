#include "cli/environment.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "cli/client/server_status.h"
#include "cli/output/proto_json.h"
#include "common/rpc/bind_address.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/tls/connect_hint.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace clientele::cli {
namespace {

constexpr char kUsageReason[] = "USAGE";
constexpr char kPrintedReason[] = "PRINTED";

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

// The server's lists, other than those its message is made of.
std::string ViolationLines(const google::rpc::BadRequest& bad_request, const std::string& message) {
  std::string lines;
  for (const auto& violation : bad_request.field_violations()) {
    const std::string line = absl::StrCat(violation.field(), ": ", violation.description());
    const bool said =
        absl::StrContains(message, line) || (bad_request.field_violations_size() == 1 &&
                                             absl::StrContains(message, violation.description()));
    if (!said) {
      absl::StrAppend(&lines, "\n  ", line);
    }
  }
  return lines;
}

}  // namespace

std::string Environment::UnreachableHint(const std::string& message) const {
  std::string hint = tls::ConnectHint(message, {.uses_tls = !tls.ca_file.empty(),
                                                .shows_certificate = !tls.certificate_file.empty(),
                                                .tls_name = "--tls-ca",
                                                .authority_name = "--tls-ca",
                                                .certificate_name = "--tls-cert"});
  if (!hint.empty()) {
    return hint;
  }
  const std::string file = FindEndpointsFile(endpoints);
  return absl::StrCat(
      "is `clientele up` running? ",
      file.empty() ? ""
                   : absl::StrCat("The address is from ", file, ", which a killed one leaves; "),
      "--server and --data-dir say where");
}

// Only with --server is another service asked than the one that the command means.
std::string Environment::UnknownMethodHint() const {
  const std::string service = absl::StrJoin(asked_services_, " and ");
  if (endpoints.server.empty() || service.empty()) {
    return "the server does not know this method; is it of another release?";
  }
  return absl::StrCat("this command asks ", service, ", and ", endpoints.server,
                      " does not know the method; --server names the address of one service");
}

std::string Environment::HintFor(const absl::Status& status,
                                 const google::rpc::Status& proto) const {
  if (!GetErrorReason(status).empty()) {
    return "";
  }
  if (absl::IsUnavailable(status)) {
    return UnreachableHint(proto.message());
  }
  return absl::IsUnimplemented(status) ? UnknownMethodHint() : "";
}

std::string Environment::Describe(const absl::Status& status,
                                  const google::rpc::Status& proto) const {
  if (!IsFromServer(status)) {
    return absl::StrCat("clientele: ", status.message());
  }
  std::string text = absl::StrCat("clientele: ", absl::StatusCodeToString(status.code()));
  std::string violations;
  for (const auto& detail : proto.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (detail.UnpackTo(&info) && info.reason() != absl::StatusCodeToString(status.code())) {
      absl::StrAppend(&text, " ", info.reason());
    } else if (detail.UnpackTo(&bad_request)) {
      violations = ViolationLines(bad_request, proto.message());
    }
  }
  absl::StrAppend(&text, ": ", proto.message(), violations);
  if (const std::string hint = HintFor(status, proto); !hint.empty()) {
    absl::StrAppend(&text, proto.message().empty() ? hint : absl::StrCat(" (", hint, ")"));
  }
  return text;
}

absl::Status UsageError(absl::string_view message) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, kUsageReason, message).Build();
}

absl::Status PrintedError(absl::string_view message) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, kPrintedReason, message).Build();
}

absl::Duration Environment::TimeoutOr(absl::Duration default_timeout) const {
  return timeout.value_or(default_timeout);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Environment::Connect(
    absl::string_view service) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string address, ResolveEndpoint(endpoints, service));
  if (!service.empty()) {
    asked_services_.emplace(service);
  }
  if (!token_file.empty() && tls.ca_file.empty() && !rpc::IsLoopback(address)) {
    return absl::FailedPreconditionError(absl::StrCat("the token would go unencrypted to ", address,
                                                      ", where others can read it: use --tls-ca"));
  }
  rpc::ChannelSecurity security;
  CLIENTELE_ASSIGN_OR_RETURN(security.credentials, tls::LoadClientCredentials(tls));
  CLIENTELE_ASSIGN_OR_RETURN(security.bearer_token, tls::LoadTokenFile(token_file));
  return rpc::Connect(address, security);
}

std::unique_ptr<grpc::ClientContext> Environment::NewCall() {
  auto context = std::make_unique<grpc::ClientContext>();
  rpc::SetCallOptions({.deadline = absl::Now() + TimeoutOr(kCallTimeout),
                       .call_id = NewRequestId(),
                       .traceparent = ""},
                      *context);
  return context;
}

std::string Environment::NewRequestId() { return uuids_.New(absl::Now()); }

void Environment::Print(absl::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Environment::PrintJson(const nlohmann::ordered_json& value) const {
  Print(value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Environment::PrintMessage(const google::protobuf::Message& message) const {
  PrintJson(ToJson(message, true));
}

void Environment::Note(absl::string_view text) const {
  std::fprintf(err_, "%s\n", std::string(absl::StripSuffix(text, "\n")).c_str());
}

void Environment::Fail(const absl::Status& status) {
  if (GetErrorReason(status) == kUsageReason) {
    exit_code_ = kExitUsage;
    Note(absl::StrCat("clientele: ", status.message(), "; --help says more"));
    return;
  }
  exit_code_ = kExitError;
  const google::rpc::Status proto = ToStatusProto(status);
  if (json && GetErrorReason(status) != kPrintedReason) {
    PrintJson({{"error", StatusJson(proto)}});
  }
  Note(Describe(status, proto));
}

int Environment::Finish() {
  if (std::fflush(out_) != 0 || std::ferror(out_) != 0) {
    Note("clientele: standard output cannot be written");
    exit_code_ = exit_code_ == kExitOk ? kExitError : exit_code_;
  }
  return exit_code_;
}

}  // namespace clientele::cli
