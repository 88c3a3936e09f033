#include "cli/import/string_pool.h"

#include <algorithm>
#include <cstring>

namespace clientele::cli {
namespace {

constexpr size_t kBlockBytes = size_t{64} << 10;

}  // namespace

absl::string_view StringPool::Intern(absl::string_view text) {
  if (text.empty()) return absl::string_view();
  const auto known = views_.find(text);
  if (known != views_.end()) return *known;
  char* const copy = Allocate(text.size());
  std::memcpy(copy, text.data(), text.size());
  return *views_.insert(absl::string_view(copy, text.size())).first;
}

char* StringPool::Allocate(size_t size) {
  if (size > block_left_bytes_) {
    const size_t block_bytes = std::max(size, kBlockBytes);
    blocks_.push_back(std::make_unique<char[]>(block_bytes));
    next_ = blocks_.back().get();
    block_left_bytes_ = block_bytes;
  }
  char* const allocated = next_;
  next_ += size;
  block_left_bytes_ -= size;
  return allocated;
}

}  // namespace clientele::cli
