#include "common/config/config_schema.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/config/config_value.h"
#include "common/config/service_link.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

bool IsWord(absl::string_view text) {
  const auto is_word_byte = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
  };
  return !text.empty() && absl::ascii_islower(text[0]) &&
         std::all_of(text.begin(), text.end(), is_word_byte);
}

std::string UpperWords(absl::string_view name) {
  return absl::AsciiStrToUpper(absl::StrReplaceAll(name, {{".", "_"}, {"-", "_"}}));
}

}  // namespace

ConfigSchema::ConfigSchema(absl::string_view service)
    : service_(service), variable_prefix_(absl::StrCat("CLIENTELE_", UpperWords(service), "_")) {}

void ConfigSchema::Add(absl::string_view name, int64_t* target, IntegerKey rule) {
  AddBinding(name, target, std::move(rule));
}
void ConfigSchema::Add(absl::string_view name, double* target, NumberKey rule) {
  AddBinding(name, target, std::move(rule));
}
void ConfigSchema::Add(absl::string_view name, bool* target, BoolKey rule) {
  AddBinding(name, target, std::move(rule));
}
void ConfigSchema::Add(absl::string_view name, absl::Duration* target, DurationKey rule) {
  AddBinding(name, target, std::move(rule));
}
void ConfigSchema::Add(absl::string_view name, std::string* target, TextKey rule) {
  AddBinding(name, target, std::move(rule));
}
void ConfigSchema::Add(absl::string_view name, std::vector<std::string>* target, ListKey rule) {
  AddBinding(name, target, std::move(rule));
}

bool ConfigSchema::IsSection(absl::string_view name) const {
  const std::string prefix = absl::StrCat(name, ".");
  const auto first = keys_.lower_bound(prefix);
  return first != keys_.end() && absl::StartsWith(first->first, prefix);
}

template <typename Value, typename Rule>
void ConfigSchema::AddBinding(absl::string_view name, Value* target, Rule rule) {
  const std::vector<absl::string_view> words = absl::StrSplit(name, '.');
  CLIENTELE_CHECK(words.size() <= static_cast<size_t>(kConfigDepthMax));
  CLIENTELE_CHECK(std::all_of(words.begin(), words.end(), IsWord));
  CLIENTELE_CHECK(!IsSection(name));
  for (size_t dot = name.find('.'); dot != absl::string_view::npos; dot = name.find('.', dot + 1)) {
    CLIENTELE_CHECK(keys_.find(std::string(name.substr(0, dot))) == keys_.end());
  }
  CLIENTELE_CHECK(!rule.doc.empty());
  ConfigKey key{std::string(name), absl::StrCat(variable_prefix_, UpperWords(name)),
                ConfigBinding<Value, Rule>{target, std::move(rule), *target}};
  CLIENTELE_CHECK(!IsServiceLinkName(key.variable_name));
  for (const auto& [other_name, other] : keys_) {
    CLIENTELE_CHECK(other.variable_name != key.variable_name);
  }
  CLIENTELE_CHECK(CheckConfigValue(key, ConfigValue(*target)).ok());
  keys_.emplace(key.name, key);
}

}  // namespace clientele
