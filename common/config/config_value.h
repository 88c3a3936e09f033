#ifndef COMMON_CONFIG_CONFIG_VALUE_H_
#define COMMON_CONFIG_CONFIG_VALUE_H_

// From text to the value of a key and back. Used by the loader and the printers.
//
// Errors are INVALID_ARGUMENT with a message that goes after the key's name ("must be …, not …").
// Text values are never repeated in a message: somebody may have put a secret there.
// Thread safety: pure functions, but AssignConfigValue.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/config/config_schema.h"

namespace clientele {

using ConfigValue =
    std::variant<int64_t, double, bool, absl::Duration, std::string, std::vector<std::string>>;

// A value as it was written.
struct ConfigText {
  enum class Form {
    kPlain,   // 4, true, abc
    kQuoted,  // "4": text, even if it looks like a number
    kList,    // a YAML list
  };
  Form form = Form::kPlain;
  std::vector<std::string> items;  // one, unless it is a list
};

// Reads `text` as a value of the key's type, within its limits.
absl::StatusOr<ConfigValue> ParseConfigValue(const ConfigKey& key, const ConfigText& text);

// Whether `value`, of the key's type, is within its limits.
absl::Status CheckConfigValue(const ConfigKey& key, const ConfigValue& value);

// Writes `value`, of the key's type, to the key's target.
void AssignConfigValue(const ConfigKey& key, const ConfigValue& value);

// What a value must be: "a whole number between 1 and 256 threads".
std::string DescribeConfigRule(const ConfigKey& key);

// The key's present value and its default.
ConfigValue PresentConfigValue(const ConfigKey& key);
ConfigValue DefaultConfigValue(const ConfigKey& key);

// `value` as YAML in one line, which ParseConfigValue reads back.
std::string FormatConfigValue(const ConfigValue& value);

// The key's documentation; whether it names the file of a secret; whether it is for the operator's
// eyes only.
const std::string& ConfigKeyDoc(const ConfigKey& key);
bool IsSecret(const ConfigKey& key);
bool IsPrivate(const ConfigKey& key);

}  // namespace clientele

#endif  // COMMON_CONFIG_CONFIG_VALUE_H_
