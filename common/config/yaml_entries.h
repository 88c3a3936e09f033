#ifndef COMMON_CONFIG_YAML_ENTRIES_H_
#define COMMON_CONFIG_YAML_ENTRIES_H_

// A YAML file as a flat list of dotted keys, read within limits.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/config/config_value.h"
#include "common/status/error.h"

namespace clientele {

// Each with an ample reserve above what a service has keys.
inline constexpr int kConfigFileBytesMax = 256 * 1024;
// Values visited: aliases of aliases multiply them ("billion laughs").
inline constexpr int kConfigNodesMax = 2000;

struct YamlEntry {
  std::string name;                // "rpc.executor_threads"
  int line;                        // from 1
  std::optional<ConfigText> text;  // nullopt: written without a value
};

// Every leaf of the document, in its order. Violations (malformed YAML, not UTF-8, a key given
// twice, too deep, too much, a list of anything but plain values) are added under
// "<file_name>:<line>". An empty document has no entries. Never throws.
std::vector<YamlEntry> ReadYamlEntries(absl::string_view file_name, const std::string& yaml,
                                       Violations& violations);

}  // namespace clientele

#endif  // COMMON_CONFIG_YAML_ENTRIES_H_
