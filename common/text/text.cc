#include "common/text/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace clientele {
namespace {

// No character of NFC comes from more than four code points of four bytes, so text above this many
// bytes per allowed character is too long before anybody normalises it.
constexpr int64_t kBytesPerCharacterMax = 16;

constexpr int64_t kTextBytesMax = std::numeric_limits<int32_t>::max();  // what ICU can index

// The character that starts at `offset`, which moves behind it; negative when it is malformed.
UChar32 NextCharacter(absl::string_view text, int64_t& offset) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int64_t>(text.size());
  UChar32 character;
  U8_NEXT(bytes, offset, length, character);
  return character;
}

// The character that ends before `offset`, which moves to its start; negative when malformed.
// ICU's own macro for this is limited to 32-bit offsets.
UChar32 PreviousCharacter(absl::string_view text, int64_t& offset) {
  const int64_t end = offset;
  do {
    --offset;
  } while (offset > 0 && end - offset < U8_MAX_LENGTH && U8_IS_TRAIL(text[offset]));
  int64_t next = offset;
  const UChar32 character = NextCharacter(text, next);
  return next == end ? character : -1;
}

bool IsAllowedLayout(UChar32 character) {
  return character == '\t' || character == '\n' || character == '\r';
}

}  // namespace

bool IsValidUtf8(absl::string_view text) {
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t offset = 0; offset < size;) {
    if (NextCharacter(text, offset) < 0) {
      return false;
    }
  }
  return true;
}

int64_t CountCharacters(absl::string_view text) {
  const auto size = static_cast<int64_t>(text.size());
  int64_t count = 0;
  for (int64_t offset = 0; offset < size; ++count) {
    NextCharacter(text, offset);
  }
  return count;
}

absl::StatusOr<std::string> NormalizeNfc(absl::string_view text) {
  if (static_cast<int64_t>(text.size()) > kTextBytesMax || !IsValidUtf8(text)) {
    return absl::InvalidArgumentError("must be UTF-8");
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) {
    return absl::InternalError("ICU has no NFC tables");
  }
  std::string normalized;
  normalized.reserve(text.size());
  icu::StringByteSink<std::string> sink(&normalized);
  nfc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                     nullptr, error);
  if (U_FAILURE(error)) {
    return absl::InternalError("ICU could not normalise the text");
  }
  return normalized;
}

absl::string_view TrimWhiteSpace(absl::string_view text) {
  const auto size = static_cast<int64_t>(text.size());
  int64_t begin = 0;
  for (int64_t next = 0; begin < size && u_isUWhiteSpace(NextCharacter(text, next));) {
    begin = next;
  }
  int64_t end = size;
  for (int64_t next = size; end > begin && u_isUWhiteSpace(PreviousCharacter(text, next));) {
    end = next;
  }
  return text.substr(begin, end - begin);
}

bool HasForbiddenControl(absl::string_view text, ControlCharacters allowed) {
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t offset = 0; offset < size;) {
    const UChar32 character = NextCharacter(text, offset);
    if (character >= 0 && u_charType(character) == U_CONTROL_CHAR &&
        (allowed == ControlCharacters::kRefuse || !IsAllowedLayout(character))) {
      return true;
    }
  }
  return false;
}

std::string ValidateText(absl::string_view field, absl::string_view text, int64_t characters_max,
                         Violations& violations, ControlCharacters allowed) {
  const std::string too_long = absl::StrCat("must not exceed ", characters_max, " characters");
  const absl::string_view trimmed = TrimWhiteSpace(text);
  if (static_cast<int64_t>(trimmed.size()) / kBytesPerCharacterMax > characters_max) {
    violations.Add(field, too_long);
    return "";
  }
  absl::StatusOr<std::string> normalized = NormalizeNfc(trimmed);
  if (!normalized.ok()) {
    violations.Add(field, normalized.status().message());
    return "";
  }
  const bool has_control = HasForbiddenControl(*normalized, allowed);
  const bool is_too_long = CountCharacters(*normalized) > characters_max;
  if (has_control) {
    violations.Add(field, "must not contain control characters");
  }
  if (is_too_long) {
    violations.Add(field, too_long);
  }
  return has_control || is_too_long ? "" : *std::move(normalized);
}

}  // namespace clientele
