#include "common/feed/resume_token.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

constexpr char kVersion = '\x01';
constexpr size_t kChecksumBytes = 8;
constexpr int kVarintBytesMax = 9;  // positions have 63 bits

void AppendVarint(uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Takes one varint off the front of `bytes`; false when there is none or it is too long.
bool TakeVarint(absl::string_view& bytes, int64_t& value) {
  uint64_t result = 0;
  for (int i = 0; i < kVarintBytesMax && !bytes.empty(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    result |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      value = static_cast<int64_t>(result);
      return true;
    }
  }
  return false;
}

std::string Checksum(absl::string_view service_name, absl::string_view body) {
  uint64_t hash = StableHash64(absl::StrCat(service_name, absl::string_view("\0", 1), body));
  std::string out;
  for (size_t i = 0; i < kChecksumBytes; ++i) {
    out.push_back(static_cast<char>(hash & 0xff));
    hash >>= 8;
  }
  return out;
}

}  // namespace

std::string EncodeResumeToken(absl::string_view service_name, const Positions& positions) {
  std::string body(1, kVersion);
  for (const int64_t position : positions) {
    CLIENTELE_CHECK(position >= 0);
    AppendVarint(static_cast<uint64_t>(position), body);
  }
  return absl::WebSafeBase64Escape(absl::StrCat(body, Checksum(service_name, body)));
}

absl::StatusOr<Positions> DecodeResumeToken(absl::string_view service_name,
                                            absl::string_view token) {
  Positions positions{};
  if (token.empty()) {
    return positions;
  }
  std::string bytes;
  if (token.size() > kResumeTokenLengthMax || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() <= kChecksumBytes || bytes.front() != kVersion) {
    return InvalidResumeToken("is malformed");
  }
  const absl::string_view body = absl::string_view(bytes).substr(0, bytes.size() - kChecksumBytes);
  if (Checksum(service_name, body) != absl::string_view(bytes).substr(body.size())) {
    return InvalidResumeToken("is not a token of this feed");
  }
  absl::string_view rest = body.substr(1);
  for (int64_t& position : positions) {
    if (!TakeVarint(rest, position)) {
      return InvalidResumeToken("is malformed");
    }
  }
  if (!rest.empty()) {
    return InvalidResumeToken("is malformed");
  }
  return positions;
}

}  // namespace clientele::feed
