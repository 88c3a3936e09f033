#ifndef COMMON_CACHE_SEALED_LEVEL_H_
#define COMMON_CACHE_SEALED_LEVEL_H_

// A shared level whose payloads only the replicas of one installation can read.

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/shared_level.h"
#include "common/crypto/aead.h"
#include "common/crypto/secret_key.h"

namespace clientele::cache {

// Thread-safe. A payload is bound to its key in the level; versions and times stay readable, since
// the level compares them. What does not open, because a replica has another secret or somebody
// has written there, counts as not there.
class SealedLevel final : public SharedLevel {
 public:
  // All replicas have the same `key`; `level` outlives it.
  SealedLevel(SharedLevel& level, const SecretKey& key) : level_(level), aead_(key, "cache") {}

  std::vector<absl::StatusOr<std::optional<Record>>> Read(absl::Span<const absl::string_view> keys,
                                                          absl::Time deadline) override;
  std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                  absl::Time deadline) override;

 private:
  SharedLevel& level_;
  const Aead aead_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_SEALED_LEVEL_H_
