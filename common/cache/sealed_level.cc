#include "common/cache/sealed_level.h"

#include <string>
#include <utility>

namespace clientele::cache {

std::vector<absl::StatusOr<std::optional<Record>>> SealedLevel::Read(
    absl::Span<const absl::string_view> keys, absl::Time deadline) {
  std::vector<absl::StatusOr<std::optional<Record>>> found = level_.Read(keys, deadline);
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].ok() || !found[i]->has_value() || !(*found[i])->payload.has_value()) {
      continue;
    }
    absl::StatusOr<std::string> payload = aead_.Open(*(*found[i])->payload, keys[i]);
    if (payload.ok()) {
      (*found[i])->payload = *std::move(payload);
    } else {
      found[i] = std::optional<Record>();
    }
  }
  return found;
}

std::vector<absl::Status> SealedLevel::Write(absl::Span<const SharedWrite> writes,
                                             absl::Time deadline) {
  std::vector<SharedWrite> sealed(writes.begin(), writes.end());
  for (SharedWrite& write : sealed) {
    if (!write.record.payload.has_value()) {
      continue;
    }
    absl::StatusOr<std::string> payload = aead_.Seal(*write.record.payload, write.key);
    if (!payload.ok()) {
      return std::vector<absl::Status>(writes.size(), payload.status());
    }
    write.record.payload = *std::move(payload);
  }
  return level_.Write(sealed, deadline);
}

}  // namespace clientele::cache
