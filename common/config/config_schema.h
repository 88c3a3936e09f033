#ifndef COMMON_CONFIG_CONFIG_SCHEMA_H_
#define COMMON_CONFIG_CONFIG_SCHEMA_H_

// The keys of a service's configuration: what each is called, means, may be, and where it goes.
//
//   ConfigSchema schema("profile");
//   schema.Add("rpc.executor_threads", &config.rpc.executor_threads,
//              IntegerKey{.doc = "Threads that run handlers.", .min = 1, .max = 256,
//                         .unit = "threads"});
//
// The value a target has when it is added is the key's default, so every key works when absent.
// Thread safety: none; built and loaded once, before threads start.

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele {

// How many parts a name may have ("a.b.c" has three).
inline constexpr int kConfigDepthMax = 8;

// What is known about a key, by type. `doc` is a sentence for the operator; limits are inclusive.
struct IntegerKey {
  std::string doc;
  int64_t min;
  int64_t max;
  std::string unit;  // plural: "threads", "bytes"; "" for none
};
struct NumberKey {
  std::string doc;
  double min;
  double max;
  std::string unit;
};
struct BoolKey {
  std::string doc;
};
struct DurationKey {  // "500ms", "1h30m", as absl::ParseDuration reads it
  std::string doc;
  absl::Duration min = absl::ZeroDuration();
  absl::Duration max;
};
struct TextKey {
  enum class Kind {
    kPlain,
    kPath,        // of a file or folder
    kSecretFile,  // path of a file that holds a secret: redacted wherever it is printed
    kSecret,      // may hold a secret itself: redacted likewise
  };
  std::string doc;
  Kind kind = Kind::kPlain;
  std::vector<std::string> allowed;  // the values there are; empty = any
  int bytes_max = 4096;
};
struct ListKey {  // a YAML list, or values separated by commas
  std::string doc;
  int items_max = 64;
  int item_bytes_max = 1024;
  bool is_private = false;  // shown to the operator only (ConfigReader)
};

// A key bound to the variable it fills.
template <typename Value, typename Rule>
struct ConfigBinding {
  Value* target;
  Rule rule;
  Value initial;  // the default
};

struct ConfigKey {
  std::string name;           // "rpc.executor_threads"
  std::string variable_name;  // "CLIENTELE_PROFILE_RPC_EXECUTOR_THREADS"
  std::variant<ConfigBinding<int64_t, IntegerKey>, ConfigBinding<double, NumberKey>,
               ConfigBinding<bool, BoolKey>, ConfigBinding<absl::Duration, DurationKey>,
               ConfigBinding<std::string, TextKey>,
               ConfigBinding<std::vector<std::string>, ListKey>>
      binding;
};

class ConfigSchema {
 public:
  // `service` is the short name ("profile").
  explicit ConfigSchema(absl::string_view service);

  // Adds a key. `name` is dotted lower-case words ([a-z][a-z0-9_]*), is neither a section nor in
  // use, its variable is not one Kubernetes sets for a Service, and `*target` obeys the rule
  // (CHECK). `target` must outlive the schema.
  void Add(absl::string_view name, int64_t* target, IntegerKey rule);
  void Add(absl::string_view name, double* target, NumberKey rule);
  void Add(absl::string_view name, bool* target, BoolKey rule);
  void Add(absl::string_view name, absl::Duration* target, DurationKey rule);
  void Add(absl::string_view name, std::string* target, TextKey rule);
  void Add(absl::string_view name, std::vector<std::string>* target, ListKey rule);

  const std::string& service() const { return service_; }
  // "CLIENTELE_PROFILE_": what the names of all its environment variables begin with.
  const std::string& variable_prefix() const { return variable_prefix_; }
  // By name, so that the keys of a section are neighbours.
  const std::map<std::string, ConfigKey>& keys() const { return keys_; }
  // Whether keys begin with `name` and a dot.
  bool IsSection(absl::string_view name) const;

 private:
  template <typename Value, typename Rule>
  void AddBinding(absl::string_view name, Value* target, Rule rule);

  const std::string service_;
  const std::string variable_prefix_;
  std::map<std::string, ConfigKey> keys_;
};

}  // namespace clientele

#endif  // COMMON_CONFIG_CONFIG_SCHEMA_H_
