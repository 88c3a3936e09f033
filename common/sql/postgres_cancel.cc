#include "common/sql/postgres_cancel.h"

#include <array>
#include <memory>
#include <utility>

#include "common/executor/call_until.h"

namespace clientele::sql {
namespace {

// Servers which do not answer: each has a socket and a stack.
constexpr int kUnderWayMax = 16;

constexpr size_t kErrorBytes = 256;  // as libpq's documentation has it; nobody reads it

using CancelRequest = std::unique_ptr<PGcancel, void (*)(PGcancel*)>;

// Who finds none free is told so at once: his connection is dropped instead.
SlotQueue& CancelSlots() {
  static SlotQueue& slots = *new SlotQueue(kUnderWayMax, /*waiters_max=*/0);
  return slots;
}

}  // namespace

bool CancelStatement(PGconn* connection, absl::Time deadline) {
  CancelRequest request(PQgetCancel(connection), &PQfreeCancel);
  if (request == nullptr) {
    return false;  // without a connection
  }
  // PQcancel connects and waits without a limit of its own.
  const std::optional<bool> is_told =
      CallUntil(CancelSlots(), deadline, [request = std::move(request)] {
        std::array<char, kErrorBytes> error{};
        return PQcancel(request.get(), error.data(), error.size()) == 1;
      });
  return is_told.value_or(false);
}

}  // namespace clientele::sql
