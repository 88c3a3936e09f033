#include "common/pagination/page_token.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/digest.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// The first byte of every token, so that a later release can read both its own form and this one.
constexpr char kVersion = 1;

// A value is preceded by its length in two bytes, the high one first.
constexpr size_t kLengthBytes = 2;

static_assert(kPageCursorBytesMax < 65'536, "a length must fit into two bytes");
static_assert(
    (1 + Aead::kOverheadBytes + kPageCursorBytesMax + kPageCursorValuesMax * kLengthBytes) * 4 / 3 +
            1 <=
        kPageTokenBytesMax,
    "every cursor that may be encoded must be decodable");

absl::Status InvalidPageToken() {
  constexpr absl::string_view kWhy =
      "is not a page token of this list with these arguments; start again without it";
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN",
                      absl::StrCat("page_token ", kWhy))
      .Field("page_token", kWhy)
      .Build();
}

// What the sealed text is bound to: the version, and a digest, because arguments may be long.
std::string Context(absl::string_view arguments) {
  const Sha256Digest digest = Sha256Of(arguments);
  return absl::StrCat(absl::string_view(&kVersion, 1), std::string(digest.begin(), digest.end()));
}

bool IsWithinLimits(const PageCursor& cursor) {
  size_t bytes = 0;
  for (const std::string& value : cursor) {
    bytes += value.size();
  }
  return cursor.size() <= kPageCursorValuesMax && bytes <= kPageCursorBytesMax;
}

std::string Serialize(const PageCursor& cursor) {
  std::string bytes;
  for (const std::string& value : cursor) {
    bytes.push_back(static_cast<char>(value.size() >> 8));
    bytes.push_back(static_cast<char>(value.size() & 0xFF));
    bytes.append(value);
  }
  return bytes;
}

std::optional<PageCursor> Deserialize(absl::string_view bytes) {
  PageCursor cursor;
  while (!bytes.empty()) {
    if (bytes.size() < kLengthBytes || cursor.size() == kPageCursorValuesMax) {
      return std::nullopt;
    }
    const size_t length =
        (size_t{static_cast<uint8_t>(bytes[0])} << 8) | static_cast<uint8_t>(bytes[1]);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) {
      return std::nullopt;
    }
    cursor.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return cursor;
}

// The bytes of base64url text in its one canonical spelling: without padding or spare bits.
std::optional<std::string> FromBase64(absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || absl::WebSafeBase64Escape(bytes) != token) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> PageTokenCodec::Encode(const PageCursor& cursor,
                                                   absl::string_view arguments) const {
  if (!IsWithinLimits(cursor)) {
    return absl::InternalError("the cursor of a page exceeds its limits");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::string sealed,
                             aead_.Seal(Serialize(cursor), Context(arguments)));
  return absl::WebSafeBase64Escape(absl::StrCat(absl::string_view(&kVersion, 1), sealed));
}

absl::StatusOr<PageCursor> PageTokenCodec::Decode(absl::string_view token,
                                                  absl::string_view arguments) const {
  if (token.empty()) {
    return PageCursor();
  }
  if (token.size() > kPageTokenBytesMax) {
    return InvalidPageToken();
  }
  const std::optional<std::string> bytes = FromBase64(token);
  if (!bytes.has_value() || bytes->empty() || bytes->front() != kVersion) {
    return InvalidPageToken();
  }
  const absl::StatusOr<std::string> opened =
      aead_.Open(absl::string_view(*bytes).substr(1), Context(arguments));
  if (!opened.ok()) {
    return absl::IsInvalidArgument(opened.status()) ? InvalidPageToken() : opened.status();
  }
  std::optional<PageCursor> cursor = Deserialize(*opened);
  if (!cursor.has_value()) {
    return InvalidPageToken();
  }
  return *std::move(cursor);
}

}  // namespace clientele
