#include "common/crypto/key_ring.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/private_file.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr size_t kIdCharactersMax = 63;
// kKeysMax lines and as much again of comments.
constexpr size_t kFileBytesMax = 8192;
constexpr char kPurpose[] = "key-wrapping";

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= kIdCharactersMax && id[0] != '-' &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

absl::StatusOr<SecretKey> DecodeKey(absl::string_view base64) {
  std::string bytes;
  const auto wipe = absl::MakeCleanup([&bytes] { WipeText(bytes); });
  if (!absl::Base64Unescape(base64, &bytes)) {
    return absl::InvalidArgumentError("must be base64");
  }
  return SecretKey::FromBytes(bytes);
}

absl::StatusOr<KeyRing> ParseFile(const std::string& path, std::string text) {
  const auto wipe = absl::MakeCleanup([&text] { WipeText(text); });
  if (text.size() > kFileBytesMax) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file ", path, " has more than ", kFileBytesMax, " bytes"));
  }
  absl::StatusOr<KeyRing> ring = KeyRing::Parse(text);
  if (!ring.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file ", path, " cannot be used: ", ring.status().message()));
  }
  return ring;
}

// One line with a new key, whose id tells it from those of other installations.
absl::StatusOr<std::string> MakeRingText() {
  CLIENTELE_ASSIGN_OR_RETURN(const SecretKey id, SecretKey::Random());
  CLIENTELE_ASSIGN_OR_RETURN(const SecretKey key, SecretKey::Random());
  return absl::StrCat("k-", absl::BytesToHexString(id.bytes().substr(0, 4)), " ",
                      absl::Base64Escape(key.bytes()), "\n");
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::Parse(absl::string_view text) {
  std::vector<KeyEncryptionKey> keys;
  int line_number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') {
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    const absl::StatusOr<SecretKey> key = DecodeKey(absl::StripAsciiWhitespace(parts.second));
    if (!IsId(parts.first) || !key.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line_number,
                       " must be an id (^[a-z0-9][a-z0-9-]{0,62}$), a blank and 32 bytes "
                       "in base64"));
    }
    if (std::any_of(keys.begin(), keys.end(),
                    [&parts](const KeyEncryptionKey& other) { return other.id == parts.first; })) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line_number, " has the id of an earlier one"));
    }
    keys.push_back({std::string(parts.first), Aead(*key, kPurpose)});
  }
  if (keys.empty() || keys.size() > kKeysMax) {
    return absl::InvalidArgumentError(absl::StrCat("it must hold 1 to ", kKeysMax, " keys"));
  }
  return KeyRing(std::move(keys));
}

absl::StatusOr<WrappedKey> KeyRing::Wrap(const SecretKey& key, absl::string_view context) const {
  const KeyEncryptionKey& present = keys_.front();
  CLIENTELE_ASSIGN_OR_RETURN(std::string bytes, present.aead.Seal(key.bytes(), context));
  return WrappedKey{.kek_id = present.id, .bytes = std::move(bytes)};
}

absl::StatusOr<SecretKey> KeyRing::Unwrap(const WrappedKey& wrapped,
                                          absl::string_view context) const {
  const auto kek = std::find_if(keys_.begin(), keys_.end(), [&wrapped](const auto& candidate) {
    return candidate.id == wrapped.kek_id;
  });
  if (kek == keys_.end()) {
    return absl::NotFoundError(absl::StrCat("there is no key-encryption key ", wrapped.kek_id));
  }
  absl::StatusOr<std::string> bytes = kek->aead.Open(wrapped.bytes, context);
  if (!bytes.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("the key-encryption key ", wrapped.kek_id,
                                                   " is not the one that wrapped this key"));
  }
  const auto wipe = absl::MakeCleanup([&bytes] { WipeText(*bytes); });
  return SecretKey::FromBytes(*bytes);
}

absl::StatusOr<KeyRing> LoadKeyRing(const std::string& path) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<std::string> text, ReadPrivateFile(path, kFileBytesMax));
  if (!text.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "there is no key file ", path, "; restore it from a backup, or, for a new database, run: ",
        "umask 077; echo \"k-1 $(head -c 32 /dev/urandom | base64)\" > ", path));
  }
  return ParseFile(path, *std::move(text));
}

absl::StatusOr<KeyRing> LoadOrCreateKeyRing(const std::string& path) {
  CLIENTELE_ASSIGN_OR_RETURN(std::string text,
                             ReadOrCreatePrivateFile(path, kFileBytesMax, MakeRingText));
  return ParseFile(path, std::move(text));
}

}  // namespace clientele
