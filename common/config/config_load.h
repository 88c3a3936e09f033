#ifndef COMMON_CONFIG_CONFIG_LOAD_H_
#define COMMON_CONFIG_CONFIG_LOAD_H_

// Fills a service's configuration from its file, the environment and the command line.
//
// Thread safety: none; called before threads start, but ReloadConfig.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/config/config_schema.h"

namespace clientele {

// Where values come from; each later one wins over those before it.
struct ConfigSources {
  std::string yaml_path;                           // "" = no file
  std::map<std::string, std::string> environment;  // variables of other programs are ignored
  std::map<std::string, std::string> flags;        // by key name: {"rpc.executor_threads", "4"}
};

// Sets the targets of `schema`. All or nothing: any unknown key (with the nearest known one), wrong
// type, value out of range or unreadable file is a violation under "file.yaml:12",
// "CLIENTELE_PROFILE_…" or "--set rpc.executor_threads", and the result is INVALID_ARGUMENT with
// all of them (GetErrorDetails), its message naming the first.
absl::Status LoadConfig(const ConfigSchema& schema, const ConfigSources& sources);

// Reads the sources again and sets the targets of `names`, keys of the schema, alone. Answers with
// the other keys that have another value now, ascending: only a restart would take it. `check` is
// asked once the targets are set. An error as of LoadConfig or of `check`, and the targets have
// what they had then. Whoever else reads these targets must be kept away.
absl::StatusOr<std::vector<std::string>> ReloadConfig(const ConfigSchema& schema,
                                                      const ConfigSources& sources,
                                                      absl::Span<const absl::string_view> names,
                                                      const std::function<absl::Status()>& check);

// The environment of this process, for ConfigSources.
std::map<std::string, std::string> ProcessEnvironment();

}  // namespace clientele

#endif  // COMMON_CONFIG_CONFIG_LOAD_H_
