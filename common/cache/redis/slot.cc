#include "common/cache/redis/slot.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/cache/redis/limits.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

constexpr uint16_t kCrcPolynomial = 0x1021;

// The table of the remainders of every byte.
constexpr std::array<uint16_t, 256> MakeCrcTable() {
  std::array<uint16_t, 256> table{};
  for (size_t byte = 0; byte < table.size(); ++byte) {
    auto remainder = static_cast<uint16_t>(byte << 8);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carries = (remainder & 0x8000) != 0;
      remainder = static_cast<uint16_t>((remainder << 1) ^ (carries ? kCrcPolynomial : 0));
    }
    table[byte] = remainder;
  }
  return table;
}

constexpr std::array<uint16_t, 256> kCrcTable = MakeCrcTable();

uint16_t Crc16(absl::string_view bytes) {
  uint16_t crc = 0;
  for (const char byte : bytes) {
    const auto index = static_cast<uint8_t>((crc >> 8) ^ static_cast<uint8_t>(byte));
    crc = static_cast<uint16_t>((crc << 8) ^ kCrcTable[index]);
  }
  return crc;
}

// The part of `key` that decides where it lies.
absl::string_view HashedPart(absl::string_view key) {
  const size_t open = key.find('{');
  if (open == absl::string_view::npos) {
    return key;
  }
  const size_t close = key.find('}', open + 1);
  const bool is_tag = close != absl::string_view::npos && close > open + 1;
  return is_tag ? key.substr(open + 1, close - open - 1) : key;
}

absl::Status NotASlotMap() { return absl::DataLossError("the answer is no slot map"); }

bool IsInteger(const Reply& reply) { return reply.kind == Reply::Kind::kInteger; }

}  // namespace

int SlotOf(absl::string_view key) { return Crc16(HashedPart(key)) % kSlotCount; }

absl::StatusOr<SlotMap> SlotMap::FromReply(const Reply& reply, const Address& asked) {
  if (reply.kind != Reply::Kind::kArray) {
    return NotASlotMap();
  }
  SlotMap map;
  for (const Reply& range : reply.elements) {
    CLIENTELE_RETURN_IF_ERROR(map.AddRange(range, asked));
  }
  return map;
}

// A range is [first slot, last slot, [host, port, ...] of the master, replicas ...].
absl::Status SlotMap::AddRange(const Reply& range, const Address& asked) {
  if (range.elements.size() < 3 || !IsInteger(range.elements[0]) || !IsInteger(range.elements[1]) ||
      range.elements[2].elements.size() < 2 || !IsInteger(range.elements[2].elements[1])) {
    return NotASlotMap();
  }
  const int64_t first = range.elements[0].integer;
  const int64_t last = range.elements[1].integer;
  const Reply& host = range.elements[2].elements[0];
  const int64_t port = range.elements[2].elements[1].integer;
  if (first < 0 || first > last || last >= kSlotCount || port < 1 || port > 65535) {
    return NotASlotMap();
  }
  // A node that does not know its own host sends none, or "?".
  const bool is_unnamed = host.text.empty() || host.text == "?";
  const Address master{.host = is_unnamed ? asked.host : host.text, .port = static_cast<int>(port)};
  auto known = std::find(masters_.begin(), masters_.end(), master);
  if (known == masters_.end()) {
    if (masters_.size() == kNodesMax) {
      return NotASlotMap();
    }
    known = masters_.insert(masters_.end(), master);
  }
  const auto owner = static_cast<uint16_t>(known - masters_.begin());
  std::fill(owners_.begin() + first, owners_.begin() + last + 1, owner);
  return absl::OkStatus();
}

std::optional<size_t> SlotMap::MasterOf(int slot) const {
  const uint16_t owner = owners_[static_cast<size_t>(slot)];
  return owner == kNobody ? std::nullopt : std::optional<size_t>(owner);
}

std::optional<Redirect> ParseRedirect(absl::string_view error, const Address& asked) {
  const std::vector<absl::string_view> words = absl::StrSplit(error, ' ');
  if (words.size() != 3 || (words[0] != "MOVED" && words[0] != "ASK")) {
    return std::nullopt;
  }
  // The host may be left out (the same), and an IPv6 one comes without brackets.
  const size_t colon = words[2].rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(words[2].substr(colon + 1), &port) ||
      port < 1 || port > 65535) {
    return std::nullopt;
  }
  const absl::string_view host = words[2].substr(0, colon);
  const bool is_unnamed = host.empty() || host == "?";
  return Redirect{.ask_once = words[0] == "ASK",
                  .target = {.host = is_unnamed ? asked.host : std::string(host), .port = port}};
}

}  // namespace clientele::redis
