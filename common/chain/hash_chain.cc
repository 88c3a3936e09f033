#include "common/chain/hash_chain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/crypto/digest.h"

namespace clientele::chain {

EntryHash::EntryHash(absl::string_view purpose, absl::string_view previous_hash)
    : bytes_(absl::StrCat(purpose, previous_hash)) {
  bytes_.resize(std::max(bytes_.size(), purpose.size() + kHashBytes));
}

void EntryHash::AddNumber(int64_t number) {
  const auto bits = static_cast<uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<char>((bits >> shift) & 0xff));
  }
}

void EntryHash::AddText(absl::string_view text) {
  AddNumber(static_cast<int64_t>(text.size()));
  absl::StrAppend(&bytes_, text);
}

std::string EntryHash::Sum() const {
  const Sha256Digest digest = Sha256Of(bytes_);
  return std::string(digest.begin(), digest.end());
}

bool Verifier::Accept(int64_t position, absl::string_view hash,
                      absl::FunctionRef<std::string(const Head& last)> hash_behind) {
  const int64_t expected = verified_.position + 1;
  if (first_bad_position_ != 0 || position != expected || hash != hash_behind(verified_)) {
    return Refuse(expected);
  }
  verified_ = {position, std::string(hash)};
  return true;
}

bool Verifier::AcceptEnd(const Head& head) {
  if (first_bad_position_ == 0 && head == verified_) {
    return true;
  }
  // What is behind the head nobody has written; what is before it is missing.
  return Refuse(head.position == verified_.position
                    ? std::max<int64_t>(head.position, 1)
                    : std::min(head.position, verified_.position) + 1);
}

bool Verifier::Refuse(int64_t position) {
  if (first_bad_position_ == 0) {
    first_bad_position_ = position;
  }
  return false;
}

}  // namespace clientele::chain
