#ifndef COMMON_RPC_CALL_QUOTA_H_
#define COMMON_RPC_CALL_QUOTA_H_

// How much each caller may ask for: the seam where per-principal limits come in (common/server).

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::rpc {

// Thread-safe; must not block.
class CallQuota {
 public:
  virtual ~CallQuota() = default;

  // Takes `cost` (at least 1) from the share of `principal`: zero when the call may go on, else how
  // long its caller should wait before the next try.
  virtual absl::Duration Take(absl::string_view principal, int64_t cost) = 0;

  // Gives back what Take has just taken for a call that could not go on after all, for want of room
  // in the server.
  virtual void GiveBack(absl::string_view principal, int64_t cost) = 0;
};

// Everybody may ask for as much as they like.
class NoCallQuota final : public CallQuota {
 public:
  absl::Duration Take(absl::string_view, int64_t) override { return absl::ZeroDuration(); }
  void GiveBack(absl::string_view, int64_t) override {}
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_QUOTA_H_
