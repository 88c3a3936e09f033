#ifndef COMMON_AUTH_TOKEN_CACHE_H_
#define COMMON_AUTH_TOKEN_CACHE_H_

// Callers whose tokens were verified, so that a caller's next call costs no signature.

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/rpc/caller.h"

namespace clientele::auth {

// By the digests of tokens, so that none stays in memory. Holds the younger ones when there are too
// many: it fills one map, then begins another and forgets the one before. Not thread-safe.
class TokenCache {
 public:
  // At most 2 × `generation_max` tokens, >= 2 in all.
  explicit TokenCache(size_t generation_max) : generation_max_(generation_max) {}

  // Whose token has this digest; null when it is not known or has expired at `now`.
  std::shared_ptr<const rpc::Caller> Find(const Sha256Digest& digest, absl::Time now) {
    auto found = young_.find(digest);
    if (found == young_.end()) {
      found = old_.find(digest);
      if (found == old_.end()) {
        return nullptr;
      }
      const Entry entry = found->second;
      Add(digest, entry.caller, entry.expire_time);
      return now < entry.expire_time ? entry.caller : nullptr;
    }
    return now < found->second.expire_time ? found->second.caller : nullptr;
  }

  void Add(const Sha256Digest& digest, std::shared_ptr<const rpc::Caller> caller,
           absl::Time expire_time) {
    if (young_.size() >= generation_max_) {
      old_ = std::exchange(young_, {});
    }
    young_.insert_or_assign(digest, Entry{std::move(caller), expire_time});
  }

  void Clear() {
    young_.clear();
    old_.clear();
  }

 private:
  struct Entry {
    std::shared_ptr<const rpc::Caller> caller;
    absl::Time expire_time;
  };
  using Generation = absl::flat_hash_map<Sha256Digest, Entry>;

  const size_t generation_max_;
  Generation young_;
  Generation old_;
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_TOKEN_CACHE_H_
