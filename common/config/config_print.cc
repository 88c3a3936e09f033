#include "common/config/config_print.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/config/config_value.h"

namespace clientele {
namespace {

using Json = nlohmann::ordered_json;

std::string ShownValue(const ConfigKey& key, const ConfigValue& value, ConfigReader reader) {
  if (IsSecret(key) && !std::get<std::string>(value).empty()) {
    return FormatConfigValue(std::string(kRedacted));
  }
  if (reader == ConfigReader::kAnyone && IsPrivate(key) &&
      !std::get<std::vector<std::string>>(value).empty()) {
    return FormatConfigValue(std::vector<std::string>{kRedacted});
  }
  return FormatConfigValue(value);
}

std::string Indent(size_t depth) { return std::string(2 * depth, ' '); }

Json DefaultJson(const ConfigKey& key) {
  const auto to_json = [](const auto& value) -> Json {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, absl::Duration>) {
      return absl::FormatDuration(value);
    } else {
      return value;
    }
  };
  return std::visit(to_json, DefaultConfigValue(key));
}

struct Typed {
  Json operator()(const ConfigBinding<int64_t, IntegerKey>& b) const {
    return {{"type", "integer"}, {"minimum", b.rule.min}, {"maximum", b.rule.max}};
  }
  Json operator()(const ConfigBinding<double, NumberKey>& b) const {
    return {{"type", "number"}, {"minimum", b.rule.min}, {"maximum", b.rule.max}};
  }
  Json operator()(const ConfigBinding<bool, BoolKey>&) const { return {{"type", "boolean"}}; }
  Json operator()(const ConfigBinding<absl::Duration, DurationKey>&) const {
    return {{"type", "string"}, {"pattern", "^([0-9.]+(ns|us|ms|s|m|h))+$|^0$"}};
  }
  Json operator()(const ConfigBinding<std::string, TextKey>& b) const {
    Json json = {{"type", "string"}, {"maxLength", b.rule.bytes_max}};
    if (!b.rule.allowed.empty()) {
      json["enum"] = b.rule.allowed;
    }
    return json;
  }
  Json operator()(const ConfigBinding<std::vector<std::string>, ListKey>& b) const {
    return {{"type", "array"},
            {"maxItems", b.rule.items_max},
            {"items", {{"type", "string"}, {"maxLength", b.rule.item_bytes_max}}}};
  }
};

}  // namespace

std::string PrintEffectiveConfig(const ConfigSchema& schema, ConfigReader reader) {
  std::string yaml = absl::StrCat("# Configuration of clientele-", schema.service(), "\n");
  std::vector<absl::string_view> open;  // the sections we are in
  for (const auto& [name, key] : schema.keys()) {
    const std::vector<absl::string_view> words = absl::StrSplit(name, '.');
    size_t shared = 0;
    while (shared < open.size() && shared + 1 < words.size() && open[shared] == words[shared]) {
      ++shared;
    }
    open.resize(shared);
    while (open.size() + 1 < words.size()) {
      absl::StrAppend(&yaml, Indent(open.size()), words[open.size()], ":\n");
      open.push_back(words[open.size()]);
    }
    const std::string indent = Indent(open.size());
    absl::StrAppend(&yaml, indent, "# ", ConfigKeyDoc(key), "\n");
    absl::StrAppend(&yaml, indent, "# Is ", DescribeConfigRule(key), "; default ",
                    ShownValue(key, DefaultConfigValue(key), reader), ". ", key.variable_name,
                    "\n");
    absl::StrAppend(&yaml, indent, words.back(), ": ",
                    ShownValue(key, PresentConfigValue(key), reader), "\n");
  }
  return yaml;
}

std::string ConfigJsonSchema(const ConfigSchema& schema) {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"title", absl::StrCat("Configuration of clientele-", schema.service())},
               {"type", "object"},
               {"additionalProperties", false},
               {"properties", Json::object()}};
  for (const auto& [name, key] : schema.keys()) {
    const std::vector<std::string> words = absl::StrSplit(name, '.');
    Json* section = &root;
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      Json& child = (*section)["properties"][words[i]];
      if (child.is_null()) {
        child = {
            {"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
      }
      section = &child;
    }
    Json property = std::visit(Typed(), key.binding);
    property["description"] = absl::StrCat(ConfigKeyDoc(key), " Is ", DescribeConfigRule(key), ".");
    if (!IsSecret(key)) {
      property["default"] = DefaultJson(key);
    }
    (*section)["properties"][words.back()] = std::move(property);
  }
  return absl::StrCat(root.dump(2, ' ', false, Json::error_handler_t::replace), "\n");
}

}  // namespace clientele
