#include "common/rpc/method.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

absl::StatusOr<CallType> TypeOf(const MethodDescriptor& method) {
  if (method.client_streaming() && !method.server_streaming()) {
    return absl::UnimplementedError(
        absl::StrCat(method.full_name(), " is a client stream, which the wrapper does not serve"));
  }
  if (method.client_streaming()) {
    return CallType::kBidiStream;
  }
  return method.server_streaming() ? CallType::kServerStream : CallType::kUnary;
}

absl::Status CheckPolicy(const MethodDescriptor& method) {
  if (!method.options().HasExtension(common::v1::rpc)) {
    return absl::FailedPreconditionError(
        absl::StrCat(method.full_name(), " lacks option (clientele.common.v1.rpc)"));
  }
  const common::v1::RpcPolicy& policy = method.options().GetExtension(common::v1::rpc);
  if (policy.permission().empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(method.full_name(), " names no permission in its policy"));
  }
  const FieldDescriptor* field = method.input_type()->FindFieldByName("request_id");
  const bool has_field = field != nullptr && field->type() == FieldDescriptor::TYPE_STRING;
  if (has_field != (policy.request_id() != common::v1::REQUEST_ID_RULE_UNSPECIFIED)) {
    return absl::FailedPreconditionError(absl::StrCat(
        method.full_name(), has_field ? " takes a request_id but its policy has no rule"
                                      : " has a request_id rule but takes no request_id"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view CallTypeName(CallType type) {
  switch (type) {
    case CallType::kUnary:
      return "unary";
    case CallType::kServerStream:
      return "server_stream";
    case CallType::kBidiStream:
      return "bidi_stream";
  }
  return "";
}

absl::StatusOr<std::vector<Method>> LoadMethods(absl::string_view service_full_name) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      std::string(service_full_name));
  if (service == nullptr) {
    return absl::NotFoundError(
        absl::StrCat(service_full_name, " is not a service linked into this program"));
  }
  std::vector<Method> methods;
  for (int i = 0; i < service->method_count(); ++i) {
    const MethodDescriptor& method = *service->method(i);
    CLIENTELE_ASSIGN_OR_RETURN(const CallType type, TypeOf(method));
    CLIENTELE_RETURN_IF_ERROR(CheckPolicy(method));
    methods.push_back({.path = absl::StrCat("/", service->full_name(), "/", method.name()),
                       .service = service->full_name(),
                       .name = method.name(),
                       .type = type,
                       .policy = method.options().GetExtension(common::v1::rpc)});
  }
  return methods;
}

}  // namespace clientele::rpc
