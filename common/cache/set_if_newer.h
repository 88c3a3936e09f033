#ifndef COMMON_CACHE_SET_IF_NEWER_H_
#define COMMON_CACHE_SET_IF_NEWER_H_

// The script by which Redis keeps the newer of two records, at once for all replicas.

#include <string>

#include "absl/strings/string_view.h"
#include "common/cache/shared_level.h"

namespace clientele::cache {

// KEYS[1]: the key; ARGV: the bytes of the record, its time to live in milliseconds, the channel to
// tell or "", and what to tell it. Replies 1 when the record was set, 0 when a newer one is held.
extern const char* const kSetIfNewerScript;

// What EVALSHA calls the script: the SHA-1 of its text in hexadecimal.
std::string SetIfNewerDigest();

// The bytes of the command that runs the script for `write`: by its digest, or with its text, which
// Redis keeps from then on.
enum class ScriptBy { kDigest, kText };
std::string SetIfNewerCommand(const SharedWrite& write, absl::string_view channel, ScriptBy by,
                              absl::string_view digest);

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
