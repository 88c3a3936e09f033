#ifndef COMMON_CACHE_SET_IF_NEWER_H_
#define COMMON_CACHE_SET_IF_NEWER_H_

// The script by which Redis keeps the newer of two records, at once for all replicas.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/cache/redis/script.h"
#include "common/cache/shared_level.h"

namespace clientele::cache {

// KEYS[1]: the key; ARGV: the bytes of the record, its time to live in milliseconds, the channel to
// tell or "", and what to tell it. Replies 1 when the record was set, 0 when a newer one is held.
extern const char* const kSetIfNewerScript;

// How the script is called for `write`, telling `channel` if that is asked for.
redis::ScriptCall SetIfNewerCall(const SharedWrite& write, absl::string_view channel);

// What is told to the other replicas: that `key` has got `version`.
struct Invalidation {
  int64_t version;
  std::string key;

  friend bool operator==(const Invalidation&, const Invalidation&) = default;
};
std::string EncodeInvalidation(int64_t version, absl::string_view key);
// nullopt when `text` was not made by EncodeInvalidation.
std::optional<Invalidation> DecodeInvalidation(absl::string_view text);

}  // namespace clientele::cache

#endif  // COMMON_CACHE_SET_IF_NEWER_H_
