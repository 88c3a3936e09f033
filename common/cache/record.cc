#include "common/cache/record.h"

#include <algorithm>

namespace clientele::cache {
namespace {

constexpr char kFormat = 1;

void AppendBigEndian(uint64_t value, std::string& out) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

uint64_t ReadBigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes.substr(0, sizeof(value))) {
    value = (value << 8) | static_cast<uint8_t>(byte);
  }
  return value;
}

}  // namespace

std::string EncodeRecord(const Record& record) {
  std::string bytes;
  bytes.reserve(kRecordHeaderBytes + (record.payload.has_value() ? record.payload->size() : 0));
  bytes.push_back(kFormat);
  bytes.push_back(record.payload.has_value() ? 1 : 0);
  AppendBigEndian(static_cast<uint64_t>(record.version), bytes);
  // Saturates, so that InfiniteFuture stays far away; nothing is valid before 1970.
  const int64_t valid_until_us = std::max(int64_t{0}, absl::ToUnixMicros(record.valid_until));
  AppendBigEndian(static_cast<uint64_t>(valid_until_us), bytes);
  bytes += record.payload.value_or("");
  return bytes;
}

std::optional<Record> DecodeRecord(absl::string_view bytes) {
  if (bytes.size() < kRecordHeaderBytes || bytes[0] != kFormat || bytes[1] < 0 || bytes[1] > 1) {
    return std::nullopt;
  }
  const bool has_payload = bytes[1] == 1;
  const auto version = static_cast<int64_t>(ReadBigEndian(bytes.substr(2)));
  const auto valid_until_us = static_cast<int64_t>(ReadBigEndian(bytes.substr(10)));
  const absl::string_view payload = bytes.substr(kRecordHeaderBytes);
  if (version < 0 || valid_until_us < 0 || (!has_payload && !payload.empty())) {
    return std::nullopt;
  }
  Record record{.version = version,
                .valid_until = absl::FromUnixMicros(valid_until_us),
                .payload = std::nullopt};
  if (has_payload) {
    record.payload.emplace(payload);
  }
  return record;
}

}  // namespace clientele::cache
