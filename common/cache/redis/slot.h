#ifndef COMMON_CACHE_REDIS_SLOT_H_
#define COMMON_CACHE_REDIS_SLOT_H_

// Which node of a Redis Cluster a key belongs to. Thread safety: pure functions and values.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/cache/redis/address.h"
#include "common/cache/redis/resp.h"

namespace clientele::redis {

inline constexpr int kSlotCount = 16384;

// The slot of a key: CRC16 (XMODEM) modulo kSlotCount, of the part between the first braces when
// there is one ("{a}b" and "{a}c" lie together).
int SlotOf(absl::string_view key);

// Who serves which slot.
class SlotMap {
 public:
  // Reads the reply of CLUSTER SLOTS that the node `asked` sent, whose own host it may leave out.
  // DATA_LOSS when it is not one, or names more than kNodesMax nodes.
  static absl::StatusOr<SlotMap> FromReply(const Reply& reply, const Address& asked);

  // The masters, each once.
  const std::vector<Address>& masters() const { return masters_; }

  // The index in masters() of the node that serves `slot`; nullopt when none does.
  std::optional<size_t> MasterOf(int slot) const;

 private:
  static constexpr uint16_t kNobody = 0xFFFF;

  SlotMap() { owners_.fill(kNobody); }

  absl::Status AddRange(const Reply& range, const Address& asked);

  std::vector<Address> masters_;
  std::array<uint16_t, kSlotCount> owners_;
};

// What an error reply of a cluster asks for.
struct Redirect {
  bool ask_once;  // ASK: this once only, after ASKING; else MOVED: from now on
  Address target;
};

// nullopt when `error` ("MOVED 3999 10.0.0.2:6379", "ASK 3999 :6380") is no redirect of `asked`.
std::optional<Redirect> ParseRedirect(absl::string_view error, const Address& asked);

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_SLOT_H_
