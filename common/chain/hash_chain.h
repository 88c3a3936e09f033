#ifndef COMMON_CHAIN_HASH_CHAIN_H_
#define COMMON_CHAIN_HASH_CHAIN_H_

// Chains of entries, numbered without a gap from 1, each of which carries a hash over itself and
// the entry before it.
//
// A chain shows what was changed, put in, taken out or moved since, but not that all of it was
// written anew from some entry to its end, nor that its end was cut off together with the head:
// for that, one head must be known from elsewhere.
// Thread safety: values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace clientele::chain {

// Of every hash.
inline constexpr size_t kHashBytes = 32;

// The last entry of a chain, or of its verified part.
struct Head {
  int64_t position = 0;  // 0 = before the first entry
  std::string hash;      // 32 bytes; empty before the first entry

  friend bool operator==(const Head&, const Head&) = default;
};

// SHA-256 over what an entry says, in which no two different entries read alike: a number is 8
// bytes, big-endian; a text stands behind its length, a number.
class EntryHash {
 public:
  // `purpose`: of this kind of chain, the same for ever. `previous_hash`: of the entry before;
  // empty = none, which is 32 zeros.
  EntryHash(absl::string_view purpose, absl::string_view previous_hash);

  void AddNumber(int64_t number);
  void AddText(absl::string_view text);

  // 32 bytes.
  std::string Sum() const;

 private:
  std::string bytes_;
};

// Follows the entries of one chain, as stored, from a place that is known to be good.
class Verifier {
 public:
  explicit Verifier(Head after = {}) : verified_(std::move(after)) {}

  // Takes the next entry that is there, by position, with its stored hash; `hash_behind` answers
  // which one it must have behind the last good entry. False once one is bad.
  bool Accept(int64_t position, absl::string_view hash,
              absl::FunctionRef<std::string(const Head& last)> hash_behind);

  // All entries there are have been accepted: whether they end where the stored head says.
  bool AcceptEnd(const Head& head);

  // The last entry up to which everything is as it was written.
  const Head& verified() const { return verified_; }

  // Where something else stands, or nothing, than what was written; 0 = nowhere so far.
  int64_t first_bad_position() const { return first_bad_position_; }

 private:
  bool Refuse(int64_t position);

  Head verified_;
  int64_t first_bad_position_ = 0;
};

}  // namespace clientele::chain

#endif  // COMMON_CHAIN_HASH_CHAIN_H_
