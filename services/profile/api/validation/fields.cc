#include "services/profile/api/validation/fields.h"

#include <algorithm>

#include "common/ids/etag.h"
#include "common/ids/id_format.h"
#include "common/rpc/request_id_rule.h"
#include "common/text/text.h"
#include "common/time/timestamp.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

constexpr absl::string_view kRequired = "is required";

// Printable ASCII without blanks at its ends: nothing to normalise, nothing to refuse.
bool IsPlain(absl::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsSourceSystem(absl::string_view text) {
  if (text.empty() || text.size() > kSourceSystemCharactersMax || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::string ReadText(const FieldPath& path, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations) {
  if (IsPlain(text) && static_cast<int64_t>(text.size()) <= characters_max &&
      (presence == Presence::kOptional || !text.empty())) {
    return std::string(text);
  }
  const std::string field = path.ToString();
  const size_t violation_count = violations.all().size();
  std::string normalized = ValidateText(field, text, characters_max, violations);
  if (violations.all().size() == violation_count && normalized.empty() &&
      presence == Presence::kRequired) {
    violations.Add(field, kRequired);
  }
  return normalized;
}

CustomerId ReadCustomerId(const FieldPath& path, absl::string_view text, Violations& violations) {
  if (IsCallerChosenId(text)) return CustomerId(text);
  violations.Add(path.ToString(),
                 text.empty() ? kRequired : "must match ^[a-z0-9][a-z0-9-]{2,62}$");
  return CustomerId();
}

PurchaseId ReadPurchaseId(const FieldPath& path, absl::string_view text, Violations& violations) {
  if (std::optional<std::string> uuid = CanonicalUuid(text); uuid.has_value()) {
    return PurchaseId(*uuid);
  }
  violations.Add(path.ToString(), text.empty() ? kRequired : "must be a UUID");
  return PurchaseId();
}

std::string ReadRequestId(absl::string_view text, common::v1::RequestIdRule rule,
                          Violations& violations) {
  rpc::ValidateRequestId(rule, text, violations);
  return CanonicalUuid(text).value_or(std::string());
}

std::string ReadSourceSystem(const FieldPath& path, absl::string_view text,
                             Violations& violations) {
  if (IsSourceSystem(text)) return std::string(text);
  violations.Add(path.ToString(),
                 text.empty() ? kRequired : "must match ^[a-z0-9][a-z0-9-]{0,62}$");
  return "";
}

std::optional<absl::Time> ReadOccurTime(const FieldPath& path,
                                        const google::protobuf::Timestamp* time, absl::Time now,
                                        Presence presence, Violations& violations) {
  if (time == nullptr) {
    if (presence == Presence::kRequired) violations.Add(path.ToString(), kRequired);
    return std::nullopt;
  }
  if (time->nanos() < 0 || time->nanos() > 999'999'999 ||
      time->seconds() < kUnixMicrosMin / 1'000'000 ||
      time->seconds() >= kUnixMicrosEnd / 1'000'000) {
    violations.Add(path.ToString(), "must be a valid google.protobuf.Timestamp");
    return std::nullopt;
  }
  const absl::Time instant =
      absl::FromUnixMicros(time->seconds() * 1'000'000 + time->nanos() / 1'000);
  if (instant > now + kOccurTimeAheadMax) {
    violations.Add(path.ToString(), "must not be more than 5 minutes ahead of the server");
    return std::nullopt;
  }
  return instant;
}

std::optional<int64_t> ReadEtag(const FieldPath& path, absl::string_view etag,
                                Violations& violations) {
  if (etag.empty()) return std::nullopt;
  std::optional<int64_t> version = ParseEtag(etag);
  if (!version.has_value()) violations.Add(path.ToString(), "must be an etag of this service");
  return version;
}

}  // namespace clientele::profile
