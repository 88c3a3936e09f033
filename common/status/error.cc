#include "common/status/error.h"

#include <nlohmann/json.hpp>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr char kPayloadUrl[] = "clientele/error-details";

std::string Encode(const ErrorDetails& details) {
  nlohmann::json json;
  json["reason"] = details.reason;
  json["metadata"] = details.metadata;
  for (const FieldViolation& v : details.field_violations) {
    json["fields"].push_back({v.field, v.description});
  }
  for (const PreconditionViolation& v : details.precondition_violations) {
    json["preconditions"].push_back({v.type, v.subject, v.description});
  }
  if (details.resource.has_value()) {
    json["resource"] = {details.resource->type, details.resource->name};
  }
  if (details.retry_delay.has_value()) {
    json["retry_us"] = absl::ToInt64Microseconds(*details.retry_delay);
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ErrorDetails Decode(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text);
  ErrorDetails details;
  details.reason = json.at("reason").get<std::string>();
  details.metadata = json.at("metadata").get<std::map<std::string, std::string>>();
  if (json.contains("fields")) {
    for (const auto& v : json["fields"]) {
      details.field_violations.push_back({v.at(0), v.at(1)});
    }
  }
  if (json.contains("preconditions")) {
    for (const auto& v : json["preconditions"]) {
      details.precondition_violations.push_back({v.at(0), v.at(1), v.at(2)});
    }
  }
  if (json.contains("resource")) {
    details.resource = ResourceReference{json["resource"].at(0), json["resource"].at(1)};
  }
  if (json.contains("retry_us")) {
    details.retry_delay = absl::Microseconds(json["retry_us"].get<int64_t>());
  }
  return details;
}

}  // namespace

ErrorBuilder::ErrorBuilder(absl::StatusCode code, absl::string_view reason,
                           absl::string_view message)
    : code_(code), message_(message) {
  CLIENTELE_CHECK(code != absl::StatusCode::kOk);
  details_.reason = std::string(reason);
}

ErrorBuilder& ErrorBuilder::Metadata(absl::string_view key, absl::string_view value) {
  details_.metadata[std::string(key)] = std::string(value);
  return *this;
}

ErrorBuilder& ErrorBuilder::Field(absl::string_view path, absl::string_view description) {
  details_.field_violations.push_back({std::string(path), std::string(description)});
  return *this;
}

ErrorBuilder& ErrorBuilder::Precondition(absl::string_view type, absl::string_view subject,
                                         absl::string_view description) {
  details_.precondition_violations.push_back(
      {std::string(type), std::string(subject), std::string(description)});
  return *this;
}

ErrorBuilder& ErrorBuilder::Resource(absl::string_view type, absl::string_view name) {
  details_.resource = ResourceReference{std::string(type), std::string(name)};
  return *this;
}

ErrorBuilder& ErrorBuilder::RetryAfter(absl::Duration delay) {
  details_.retry_delay = delay;
  return *this;
}

absl::Status ErrorBuilder::Build() const {
  absl::Status status(code_, message_);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(details_)));
  return status;
}

std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) {
    return std::nullopt;
  }
  return Decode(std::string(*payload));
}

std::string GetErrorReason(const absl::Status& status) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  return details.has_value() ? details->reason : "";
}

void Violations::Add(absl::string_view field, absl::string_view description) {
  violations_.push_back({std::string(field), std::string(description)});
}

absl::Status Violations::ToStatus() const {
  if (violations_.empty()) {
    return absl::OkStatus();
  }
  std::string message = absl::StrCat(violations_[0].field, ": ", violations_[0].description);
  if (violations_.size() > 1) {
    absl::StrAppend(&message, " (and ", violations_.size() - 1, " more)");
  }
  ErrorBuilder builder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", message);
  for (const FieldViolation& violation : violations_) {
    builder.Field(violation.field, violation.description);
  }
  return builder.Build();
}

}  // namespace clientele
