#include "services/complaints/api/validation/fields.h"

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/ids/etag.h"
#include "common/ids/id_format.h"
#include "common/rpc/request_id_rule.h"
#include "common/text/text.h"
#include "common/time/timestamp.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr absl::string_view kRequired = "is required";

std::string ReadChecked(absl::string_view field, absl::string_view text, int64_t characters_max,
                        Presence presence, ControlCharacters allowed, Violations& violations) {
  const size_t violation_count = violations.all().size();
  std::string normalized = ValidateText(field, text, characters_max, violations, allowed);
  if (violations.all().size() == violation_count && normalized.empty() &&
      presence == Presence::kRequired) {
    violations.Add(field, kRequired);
  }
  return normalized;
}

using ReadOne = absl::FunctionRef<std::string(absl::string_view, absl::string_view, Violations&)>;

std::vector<std::string> ReadAll(absl::string_view field,
                                 const RepeatedPtrField<std::string>& texts, int count_max,
                                 Violations& violations, ReadOne read) {
  std::vector<std::string> values;
  if (texts.size() > count_max) {
    violations.Add(field, absl::StrCat("must be at most ", count_max));
    return values;
  }
  for (int i = 0; i < texts.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    std::string value = read(path, texts[i], violations);
    if (!value.empty() && std::find(values.begin(), values.end(), value) != values.end()) {
      violations.Add(path, "is there twice");
    }
    values.push_back(std::move(value));
  }
  return values;
}

bool IsSubtag(absl::string_view subtag) {
  return !subtag.empty() && subtag.size() <= 8 &&
         std::all_of(subtag.begin(), subtag.end(), absl::ascii_isalnum);
}

}  // namespace

std::string ReadRequestId(const rpc::CallContext& call, absl::string_view text,
                          Violations& violations) {
  rpc::ValidateRequestId(call.request_id_rule, text, violations);
  return CanonicalUuid(text).value_or(std::string());
}

std::string ReadId(absl::string_view field, absl::string_view text, Presence presence,
                   Violations& violations) {
  if (text.empty() && presence == Presence::kOptional) {
    return "";
  }
  if (!IsCallerChosenId(text)) {
    violations.Add(field, text.empty() ? kRequired : "must match ^[a-z0-9][a-z0-9-]{2,62}$");
    return "";
  }
  return std::string(text);
}

std::string ReadUuid(absl::string_view field, absl::string_view text, Violations& violations) {
  std::optional<std::string> uuid = CanonicalUuid(text);
  if (!uuid.has_value()) {
    violations.Add(field, text.empty() ? kRequired : "must be a UUID");
  }
  return std::move(uuid).value_or(std::string());
}

std::vector<std::string> ReadIds(absl::string_view field,
                                 const RepeatedPtrField<std::string>& texts, int count_max,
                                 Violations& violations) {
  return ReadAll(field, texts, count_max, violations,
                 [](absl::string_view path, absl::string_view text, Violations& found) {
                   return ReadId(path, text, Presence::kRequired, found);
                 });
}

std::vector<std::string> ReadUuids(absl::string_view field,
                                   const RepeatedPtrField<std::string>& texts, int count_max,
                                   Violations& violations) {
  return ReadAll(field, texts, count_max, violations, ReadUuid);
}

std::string ReadLine(absl::string_view field, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations) {
  return ReadChecked(field, text, characters_max, presence, ControlCharacters::kRefuse, violations);
}

std::string ReadText(absl::string_view field, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations) {
  return ReadChecked(field, text, characters_max, presence, ControlCharacters::kAllowLayout,
                     violations);
}

int ReadEnum(absl::string_view field, const google::protobuf::EnumDescriptor& type, int number,
             Violations& violations) {
  if (number == 0) {
    violations.Add(field, kRequired);
  } else if (type.FindValueByNumber(number) == nullptr) {
    violations.Add(field, "must be a known value");
  }
  return number;
}

std::string ReadLanguageCode(absl::string_view field, absl::string_view text,
                             Violations& violations) {
  if (text.empty()) {
    return "";
  }
  const std::vector<absl::string_view> subtags = absl::StrSplit(text, '-');
  const absl::string_view language = subtags.front();
  const bool fits = static_cast<int64_t>(text.size()) <= kLanguageCodeCharactersMax &&
                    language.size() >= 2 && language.size() <= 3 &&
                    std::all_of(language.begin(), language.end(), absl::ascii_isalpha) &&
                    std::all_of(subtags.begin(), subtags.end(), IsSubtag);
  if (!fits) {
    violations.Add(field, "must be a BCP-47 tag such as zh-Hans");
  }
  return std::string(text);
}

absl::Time ReadOccurTime(absl::string_view field, bool is_set,
                         const google::protobuf::Timestamp& time, absl::Time now,
                         Violations& violations) {
  if (!is_set) {
    return now;
  }
  if (time.nanos() < 0 || time.nanos() > 999'999'999 ||
      time.seconds() < kUnixMicrosMin / 1'000'000 || time.seconds() >= kUnixMicrosEnd / 1'000'000) {
    violations.Add(field, "must be a valid google.protobuf.Timestamp");
    return now;
  }
  const absl::Time instant =
      absl::FromUnixMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000);
  if (instant > now + kOccurTimeAheadMax) {
    violations.Add(field, "must not be more than 5 minutes ahead of the server");
  }
  return instant;
}

std::optional<int64_t> ReadEtag(absl::string_view field, absl::string_view etag,
                                Violations& violations) {
  if (etag.empty()) {
    return std::nullopt;
  }
  const std::optional<int64_t> version = ParseEtag(etag);
  if (!version.has_value()) {
    violations.Add(field, "must be an etag of this service");
  }
  return version;
}

}  // namespace clientele::complaints
