#include "common/rpc/status_mapping.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/limits.h"
#include "common/rpc/rpc_errors.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "google/rpc/error_details.pb.h"

namespace clientele::rpc {
namespace {

// Kept free for "and N more" and for the wrapping of a detail.
constexpr int kDetailOverheadBytes = 128;

// At most `bytes_max` bytes of `text`, never cutting a UTF-8 character.
std::string CutText(absl::string_view text, int bytes_max) {
  size_t length = text.size();
  if (length > static_cast<size_t>(bytes_max)) {
    length = bytes_max;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
      --length;
    }
  }
  return std::string(text.substr(0, length));
}

// `status` itself when it is a named error that may go out, else the one that goes out instead.
absl::Status PublicStatus(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInternal && GetErrorDetails(status).has_value()) {
    return status;
  }
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return status;
    case absl::StatusCode::kCancelled:
      return CallCancelled();
    case absl::StatusCode::kDeadlineExceeded:
      return ErrorBuilder(status.code(), "DEADLINE_TOO_SHORT", "the deadline passed").Build();
    default:
      return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "internal error").Build();
  }
}

void AddErrorInfo(const ErrorDetails& details, absl::string_view domain,
                  google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain(std::string(domain));
  size_t bytes = 0;
  for (const auto& [key, value] : details.metadata) {
    const std::string text = CutText(value, kErrorTextBytesMax);
    bytes += key.size() + text.size();
    if (bytes > static_cast<size_t>(kErrorMetadataBytesMax)) {
      break;
    }
    (*info.mutable_metadata())[key] = text;
  }
  status.add_details()->PackFrom(info);
}

// Whether `detail` and one short violation more can still be packed into `status`.
bool Fits(const google::protobuf::Message& detail, const google::rpc::Status& status) {
  return static_cast<int>(status.ByteSizeLong() + detail.ByteSizeLong()) + kDetailOverheadBytes <
         kErrorDetailsBytesMax;
}

void AddBadRequest(const std::vector<FieldViolation>& violations, google::rpc::Status& status) {
  google::rpc::BadRequest detail;
  for (size_t i = 0; i < violations.size(); ++i) {
    google::rpc::BadRequest::FieldViolation& violation = *detail.add_field_violations();
    violation.set_field(CutText(violations[i].field, kErrorTextBytesMax));
    violation.set_description(CutText(violations[i].description, kErrorTextBytesMax));
    if (!Fits(detail, status)) {
      violation.clear_field();
      violation.set_description(absl::StrCat("and ", violations.size() - i, " more"));
      break;
    }
  }
  if (!violations.empty()) {
    status.add_details()->PackFrom(detail);
  }
}

void AddPreconditionFailure(const std::vector<PreconditionViolation>& violations,
                            google::rpc::Status& status) {
  google::rpc::PreconditionFailure detail;
  for (size_t i = 0; i < violations.size(); ++i) {
    google::rpc::PreconditionFailure::Violation& violation = *detail.add_violations();
    violation.set_type(CutText(violations[i].type, kErrorTextBytesMax));
    violation.set_subject(CutText(violations[i].subject, kErrorTextBytesMax));
    violation.set_description(CutText(violations[i].description, kErrorTextBytesMax));
    if (!Fits(detail, status)) {
      violation.clear_type();
      violation.clear_subject();
      violation.set_description(absl::StrCat("and ", violations.size() - i, " more"));
      break;
    }
  }
  if (!violations.empty()) {
    status.add_details()->PackFrom(detail);
  }
}

// Reads one packed detail into `details`; returns whether it was an ErrorInfo.
bool ReadDetail(const google::protobuf::Any& packed, ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::PreconditionFailure precondition;
  google::rpc::ResourceInfo resource;
  google::rpc::RetryInfo retry;
  if (packed.UnpackTo(&info)) {
    details.reason = info.reason();
    details.metadata.insert(info.metadata().begin(), info.metadata().end());
    return true;
  }
  if (packed.UnpackTo(&bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      details.field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (packed.UnpackTo(&precondition)) {
    for (const auto& violation : precondition.violations()) {
      details.precondition_violations.push_back(
          {violation.type(), violation.subject(), violation.description()});
    }
  } else if (packed.UnpackTo(&resource)) {
    details.resource = ResourceReference{resource.resource_type(), resource.resource_name()};
  } else if (packed.UnpackTo(&retry)) {
    details.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                          absl::Nanoseconds(retry.retry_delay().nanos());
  }
  return false;
}

absl::Status BuildNamedError(absl::StatusCode code, absl::string_view message,
                             const ErrorDetails& details) {
  ErrorBuilder builder(code, details.reason, message);
  for (const auto& [key, value] : details.metadata) {
    builder.Metadata(key, value);
  }
  for (const FieldViolation& violation : details.field_violations) {
    builder.Field(violation.field, violation.description);
  }
  for (const PreconditionViolation& violation : details.precondition_violations) {
    builder.Precondition(violation.type, violation.subject, violation.description);
  }
  if (details.resource.has_value()) {
    builder.Resource(details.resource->type, details.resource->name);
  }
  if (details.retry_delay.has_value()) {
    builder.RetryAfter(*details.retry_delay);
  }
  return builder.Build();
}

// The numbers of grpc, google.rpc and absl codes are the same; what is none of them is UNKNOWN.
absl::StatusCode CodeFromNumber(int number) {
  return number >= 0 && number <= static_cast<int>(absl::StatusCode::kUnauthenticated)
             ? static_cast<absl::StatusCode>(number)
             : absl::StatusCode::kUnknown;
}

}  // namespace

std::string ErrorDomainOf(absl::string_view service) { return absl::StrCat(service, ".clientele"); }

google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view domain) {
  google::rpc::Status result;
  if (status.ok()) {
    return result;
  }
  const absl::Status sent = PublicStatus(status);
  const ErrorDetails details = *GetErrorDetails(sent);
  result.set_code(static_cast<int>(sent.code()));
  result.set_message(CutText(sent.message(), kErrorMessageBytesMax));
  AddErrorInfo(details, domain, result);
  if (details.resource.has_value()) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_type(CutText(details.resource->type, kErrorTextBytesMax));
    resource.set_resource_name(CutText(details.resource->name, kErrorTextBytesMax));
    result.add_details()->PackFrom(resource);
  }
  if (details.retry_delay.has_value()) {
    absl::Duration rest;
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(
        absl::IDivDuration(*details.retry_delay, absl::Seconds(1), &rest));
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(rest)));
    result.add_details()->PackFrom(retry);
  }
  AddPreconditionFailure(details.precondition_violations, result);
  AddBadRequest(details.field_violations, result);
  return result;
}

grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view domain) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const google::rpc::Status sent = ToRpcStatus(status, domain);
  return grpc::Status(static_cast<grpc::StatusCode>(sent.code()), sent.message(),
                      sent.SerializeAsString());
}

std::string HiddenMessage(const absl::Status& status) {
  if (status.ok()) {
    return "";
  }
  std::vector<std::string> parts;
  if (PublicStatus(status) != status) {
    parts.push_back(absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message()));
  }
  if (std::string detail = GetLogDetail(status); !detail.empty()) {
    parts.push_back(std::move(detail));
  }
  return absl::StrJoin(parts, "; ");
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  const absl::StatusCode code = CodeFromNumber(status.code());
  if (code == absl::StatusCode::kOk) {
    return absl::OkStatus();
  }
  ErrorDetails details;
  bool is_named = false;
  for (const google::protobuf::Any& packed : status.details()) {
    is_named = ReadDetail(packed, details) || is_named;
  }
  return is_named ? BuildNamedError(code, status.message(), details)
                  : absl::Status(code, status.message());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  google::rpc::Status sent;
  if (status.ok() || !sent.ParseFromString(status.error_details())) {
    return absl::Status(CodeFromNumber(status.error_code()), status.error_message());
  }
  sent.set_code(static_cast<int>(status.error_code()));
  sent.set_message(status.error_message());
  return FromRpcStatus(sent);
}

}  // namespace clientele::rpc
