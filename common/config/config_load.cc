#include "common/config/config_load.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/config/config_value.h"
#include "common/config/service_link.h"
#include "common/config/yaml_entries.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/text/nearest_name.h"

namespace clientele {
namespace {

// How a flag is written.
std::string FlagOf(absl::string_view name) { return absl::StrCat("--set ", name); }

// Collects values and violations; nothing reaches a target before Commit.
class Loader {
 public:
  explicit Loader(const ConfigSchema& schema) : schema_(schema) {
    for (const auto& [name, key] : schema.keys()) {
      names_.push_back(name);
      variable_names_.push_back(key.variable_name);
      key_by_variable_.emplace(key.variable_name, &key);
    }
  }

  void ReadFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string yaml(static_cast<size_t>(kConfigFileBytesMax) + 1, '\0');
    if (!file.read(yaml.data(), static_cast<std::streamsize>(yaml.size())) && !file.eof()) {
      violations_.Add(path, "the configuration file cannot be read");
      return;
    }
    yaml.resize(static_cast<size_t>(file.gcount()));
    for (const YamlEntry& entry : ReadYamlEntries(path, yaml, violations_)) {
      const std::string origin = absl::StrCat(path, ":", entry.line);
      const auto key = schema_.keys().find(entry.name);
      const bool has_value = entry.text.has_value();
      if (key != schema_.keys().end()) {
        if (has_value) {
          Set(key->second, origin, *entry.text);
        }
      } else if (!schema_.IsSection(entry.name)) {
        violations_.Add(origin, UnknownName("key", entry.name, names_));
      } else if (has_value) {
        violations_.Add(origin, absl::StrCat("'", entry.name, "' is a section, not a key"));
      }
    }
  }

  void ReadEnvironment(const std::map<std::string, std::string>& environment) {
    for (const auto& [name, value] : environment) {
      if (!absl::StartsWith(name, schema_.variable_prefix()) || IsServiceLink(name, value)) {
        continue;
      }
      const auto key = key_by_variable_.find(name);
      if (key == key_by_variable_.end()) {
        violations_.Add(name, UnknownName("variable", name, variable_names_));
      } else {
        Set(*key->second, name, {ConfigText::Form::kPlain, {value}});
      }
    }
  }

  void ReadFlags(const std::map<std::string, std::string>& flags) {
    for (const auto& [name, value] : flags) {
      const auto key = schema_.keys().find(name);
      if (key == schema_.keys().end()) {
        violations_.Add(FlagOf(name), UnknownName("key", name, names_));
      } else {
        Set(key->second, FlagOf(name), {ConfigText::Form::kPlain, {value}});
      }
    }
  }

  void Read(const ConfigSources& sources) {
    if (!sources.yaml_path.empty()) {
      ReadFile(sources.yaml_path);
    }
    ReadEnvironment(sources.environment);
    ReadFlags(sources.flags);
  }

  absl::Status Commit() {
    if (violations_.empty()) {
      Assign(values_);
    }
    return violations_.ToStatus();
  }

  absl::StatusOr<std::vector<std::string>> CommitOnly(absl::Span<const absl::string_view> names,
                                                      const std::function<absl::Status()>& check) {
    CLIENTELE_RETURN_IF_ERROR(violations_.ToStatus());
    std::vector<std::string> others;
    std::map<const ConfigKey*, ConfigValue> before;
    for (const auto& [name, key] : schema_.keys()) {
      const auto found = values_.find(&key);
      const ConfigValue value = found == values_.end() ? DefaultConfigValue(key) : found->second;
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        before.emplace(&key, PresentConfigValue(key));
        AssignConfigValue(key, value);
      } else if (value != PresentConfigValue(key)) {
        others.push_back(name);
      }
    }
    const absl::Status checked = check();
    if (!checked.ok()) {
      Assign(before);
      return checked;
    }
    return others;
  }

 private:
  static void Assign(const std::map<const ConfigKey*, ConfigValue>& values) {
    for (const auto& [key, value] : values) {
      AssignConfigValue(*key, value);
    }
  }

  void Set(const ConfigKey& key, const std::string& origin, const ConfigText& text) {
    absl::StatusOr<ConfigValue> value = ParseConfigValue(key, text);
    if (value.ok()) {
      values_.insert_or_assign(&key, *std::move(value));
    } else {
      violations_.Add(origin, absl::StrCat(key.name, " ", value.status().message()));
    }
  }

  const ConfigSchema& schema_;
  std::vector<std::string> names_;
  std::vector<std::string> variable_names_;
  std::map<std::string, const ConfigKey*> key_by_variable_;
  std::map<const ConfigKey*, ConfigValue> values_;
  Violations violations_;
};

}  // namespace

absl::Status LoadConfig(const ConfigSchema& schema, const ConfigSources& sources) {
  Loader loader(schema);
  loader.Read(sources);
  return loader.Commit();
}

absl::StatusOr<std::vector<std::string>> ReloadConfig(const ConfigSchema& schema,
                                                      const ConfigSources& sources,
                                                      absl::Span<const absl::string_view> names,
                                                      const std::function<absl::Status()>& check) {
  Loader loader(schema);
  loader.Read(sources);
  return loader.CommitOnly(names, check);
}

std::map<std::string, std::string> ProcessEnvironment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const absl::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != absl::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

}  // namespace clientele
