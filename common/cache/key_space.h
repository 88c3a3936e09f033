#ifndef COMMON_CACHE_KEY_SPACE_H_
#define COMMON_CACHE_KEY_SPACE_H_

// The names a service uses in Redis.

#include <string>

#include "absl/strings/string_view.h"

namespace clientele::cache {

// Thread safety: a value.
class KeySpace {
 public:
  // `prefix` names the installation, `service` the service: neither holds ':' or a brace.
  KeySpace(absl::string_view prefix, absl::string_view service);

  // "prefix:service:v2:kind:id". A brace or '%' of the id is escaped ("%7B"): Redis Cluster would
  // put all keys with the same part between braces on one node. v2 is the format of the value: a
  // record whose payload is sealed (sealed_level.h).
  std::string KeyOf(absl::string_view kind, absl::string_view id) const;

  // The channel of invalidations: "prefix:service:v2:invalid".
  const std::string& channel() const { return channel_; }

 private:
  const std::string root_;
  const std::string channel_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_KEY_SPACE_H_
