#ifndef COMMON_PAGINATION_PAGE_TOKEN_H_
#define COMMON_PAGINATION_PAGE_TOKEN_H_

// Opaque page tokens: where the next page of a list begins, sealed and bound to the request.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/aead.h"
#include "common/crypto/secret_key.h"

namespace clientele {

// The keyset values of the last row of a page, in the order of the list's ORDER BY, as text.
using PageCursor = std::vector<std::string>;

inline constexpr size_t kPageCursorValuesMax = 16;
inline constexpr size_t kPageCursorBytesMax = 2048;  // of all values together
inline constexpr size_t kPageTokenBytesMax = 4096;

// Makes and reads page tokens. A token carries no authority: it names a position only, and every
// request is checked for permission as if it had none. It cannot be read, altered, or used with
// other arguments than those it was made for. Every replica with the same key reads it, for as
// long as the key lives. Thread-safe: immutable after construction.
class PageTokenCodec {
 public:
  explicit PageTokenCodec(const SecretKey& key) : aead_(key, "page-token") {}

  // The token (base64url) for the page after `cursor`. `arguments` are the bytes of every other
  // argument of the request except page_size, with the method's name, written by the caller in
  // one fixed way; they are bound, not contained.
  // INTERNAL when the cursor exceeds its limits, which means that a key column is not bounded.
  absl::StatusOr<std::string> Encode(const PageCursor& cursor, absl::string_view arguments) const;

  // The cursor again; empty when `token` is empty: the first page.
  // INVALID_ARGUMENT (reason INVALID_PAGE_TOKEN, violation of `page_token`) when the token is too
  // long, altered, another server's, or was made for other arguments: which of these is not told.
  absl::StatusOr<PageCursor> Decode(absl::string_view token, absl::string_view arguments) const;

 private:
  Aead aead_;
};

}  // namespace clientele

#endif  // COMMON_PAGINATION_PAGE_TOKEN_H_
