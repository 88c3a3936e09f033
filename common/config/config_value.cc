#include "common/config/config_value.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/text/text.h"

namespace clientele {
namespace {

std::string Quote(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The shortest decimal that reads back as the same number.
std::string FormatNumber(double number) { return nlohmann::json(number).dump(); }

std::string InUnit(absl::string_view unit) { return unit.empty() ? "" : absl::StrCat(" ", unit); }

std::string Describe(const IntegerKey& rule) {
  return absl::StrCat("a whole number between ", rule.min, " and ", rule.max, InUnit(rule.unit));
}
std::string Describe(const NumberKey& rule) {
  return absl::StrCat("a number between ", FormatNumber(rule.min), " and ", FormatNumber(rule.max),
                      InUnit(rule.unit));
}
std::string Describe(const BoolKey&) { return "true or false"; }
std::string Describe(const DurationKey& rule) {
  return absl::StrCat("a duration such as 500ms or 1h30m between ", absl::FormatDuration(rule.min),
                      " and ", absl::FormatDuration(rule.max));
}
std::string Describe(const TextKey& rule) {
  if (!rule.allowed.empty()) {
    return absl::StrCat("one of ", absl::StrJoin(rule.allowed, ", "));
  }
  const std::string limit = absl::StrCat(" of at most ", rule.bytes_max, " bytes");
  switch (rule.kind) {
    case TextKey::Kind::kPlain:
      return absl::StrCat("a text", limit);
    case TextKey::Kind::kPath:
      return absl::StrCat("a path", limit);
    case TextKey::Kind::kSecretFile:
      return absl::StrCat("the path of a file that holds a secret,", limit);
    case TextKey::Kind::kSecret:
      return absl::StrCat("a text that is kept secret,", limit);
  }
  return "a text";
}
std::string Describe(const ListKey& rule) {
  return absl::StrCat("a list of at most ", rule.items_max, " texts of at most ",
                      rule.item_bytes_max, " bytes");
}

// UTF-8 without control characters.
bool IsPlainText(absl::string_view text) {
  return IsValidUtf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); });
}

bool IsWithin(const IntegerKey& rule, int64_t value) {
  return value >= rule.min && value <= rule.max;
}
bool IsWithin(const NumberKey& rule, double value) {
  return value >= rule.min && value <= rule.max;  // false for NaN
}
bool IsWithin(const BoolKey&, bool) { return true; }
bool IsWithin(const DurationKey& rule, absl::Duration value) {
  return value >= rule.min && value <= rule.max;
}
bool IsWithin(const TextKey& rule, const std::string& value) {
  const bool is_allowed =
      rule.allowed.empty() ||
      std::find(rule.allowed.begin(), rule.allowed.end(), value) != rule.allowed.end();
  return is_allowed && value.size() <= static_cast<size_t>(rule.bytes_max) && IsPlainText(value);
}
bool IsWithin(const ListKey& rule, const std::vector<std::string>& value) {
  const auto fits = [&rule](const std::string& item) {
    return item.size() <= static_cast<size_t>(rule.item_bytes_max) && IsPlainText(item);
  };
  return value.size() <= static_cast<size_t>(rule.items_max) &&
         std::all_of(value.begin(), value.end(), fits);
}

// Each reads the text as its type; false when it is of another.
bool Read(const ConfigText& text, int64_t& value) {
  return text.form == ConfigText::Form::kPlain && absl::SimpleAtoi(text.items[0], &value);
}
bool Read(const ConfigText& text, double& value) {
  return text.form == ConfigText::Form::kPlain && absl::SimpleAtod(text.items[0], &value);
}
bool Read(const ConfigText& text, bool& value) {
  value = text.form == ConfigText::Form::kPlain && text.items[0] == "true";
  return value || (text.form == ConfigText::Form::kPlain && text.items[0] == "false");
}
bool Read(const ConfigText& text, absl::Duration& value) {
  return text.form != ConfigText::Form::kList && absl::ParseDuration(text.items[0], &value);
}
bool Read(const ConfigText& text, std::string& value) {
  if (text.form == ConfigText::Form::kList) {
    return false;
  }
  value = text.items[0];
  return true;
}
bool Read(const ConfigText& text, std::vector<std::string>& value) {
  if (text.form == ConfigText::Form::kList) {
    value = text.items;
    return true;
  }
  value.clear();
  for (absl::string_view item : absl::StrSplit(text.items[0], ',', absl::SkipWhitespace())) {
    value.emplace_back(absl::StripAsciiWhitespace(item));
  }
  return true;
}

struct Formatter {
  std::string operator()(int64_t value) const { return absl::StrCat(value); }
  std::string operator()(double value) const { return FormatNumber(value); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(absl::Duration value) const { return absl::FormatDuration(value); }
  std::string operator()(const std::string& value) const { return Quote(value); }
  std::string operator()(const std::vector<std::string>& value) const {
    const auto quote = [](std::string* out, const std::string& item) {
      absl::StrAppend(out, Quote(item));
    };
    return absl::StrCat("[", absl::StrJoin(value, ", ", quote), "]");
  }
};

absl::Status WrongValue(const ConfigKey& key) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", DescribeConfigRule(key)));
}

// Whether the text of a wrong value may be repeated in the message.
bool IsHarmless(const ConfigKey& key, const ConfigText& text) {
  constexpr size_t kShownBytesMax = 40;
  return !std::holds_alternative<ConfigBinding<std::string, TextKey>>(key.binding) &&
         text.form != ConfigText::Form::kList && text.items[0].size() <= kShownBytesMax;
}

}  // namespace

absl::StatusOr<ConfigValue> ParseConfigValue(const ConfigKey& key, const ConfigText& text) {
  return std::visit(
      [&](const auto& binding) -> absl::StatusOr<ConfigValue> {
        auto value = binding.initial;
        if (Read(text, value) && IsWithin(binding.rule, value)) {
          return ConfigValue(std::move(value));
        }
        const absl::Status wrong = WrongValue(key);
        return IsHarmless(key, text) ? absl::InvalidArgumentError(absl::StrCat(
                                           wrong.message(), ", not ", Quote(text.items[0])))
                                     : wrong;
      },
      key.binding);
}

absl::Status CheckConfigValue(const ConfigKey& key, const ConfigValue& value) {
  return std::visit(
      [&](const auto& binding) {
        using Value = std::decay_t<decltype(binding.initial)>;
        return IsWithin(binding.rule, std::get<Value>(value)) ? absl::OkStatus() : WrongValue(key);
      },
      key.binding);
}

void AssignConfigValue(const ConfigKey& key, const ConfigValue& value) {
  std::visit(
      [&value](const auto& binding) {
        *binding.target = std::get<std::decay_t<decltype(binding.initial)>>(value);
      },
      key.binding);
}

std::string DescribeConfigRule(const ConfigKey& key) {
  return std::visit([](const auto& binding) { return Describe(binding.rule); }, key.binding);
}

ConfigValue PresentConfigValue(const ConfigKey& key) {
  return std::visit([](const auto& binding) { return ConfigValue(*binding.target); }, key.binding);
}

ConfigValue DefaultConfigValue(const ConfigKey& key) {
  return std::visit([](const auto& binding) { return ConfigValue(binding.initial); }, key.binding);
}

std::string FormatConfigValue(const ConfigValue& value) { return std::visit(Formatter(), value); }

const std::string& ConfigKeyDoc(const ConfigKey& key) {
  return std::visit([](const auto& binding) -> const std::string& { return binding.rule.doc; },
                    key.binding);
}

bool IsSecret(const ConfigKey& key) {
  const auto* text = std::get_if<ConfigBinding<std::string, TextKey>>(&key.binding);
  return text != nullptr && (text->rule.kind == TextKey::Kind::kSecretFile ||
                             text->rule.kind == TextKey::Kind::kSecret);
}

bool IsPrivate(const ConfigKey& key) {
  const auto* list = std::get_if<ConfigBinding<std::vector<std::string>, ListKey>>(&key.binding);
  return list != nullptr && list->rule.is_private;
}

}  // namespace clientele
