#include "common/sql/postgres_cancel.h"

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace clientele::sql {
namespace {

// Threads that wait for servers which do not answer: each has a socket and a stack.
constexpr int kUnderWayMax = 16;

constexpr size_t kErrorBytes = 256;  // as libpq's documentation has it; nobody reads it

// Of the process, since the threads outlive whoever started them.
std::atomic<int> under_way_count = 0;

using CancelRequest = std::unique_ptr<PGcancel, void (*)(PGcancel*)>;

void Send(CancelRequest request, std::promise<bool> is_told) {
  std::array<char, kErrorBytes> error{};
  const bool answered = PQcancel(request.get(), error.data(), error.size()) == 1;
  --under_way_count;
  is_told.set_value(answered);
}

}  // namespace

bool CancelStatement(PGconn* connection, absl::Time deadline) {
  CancelRequest request(PQgetCancel(connection), &PQfreeCancel);
  if (request == nullptr) {
    return false;  // without a connection
  }
  if (++under_way_count > kUnderWayMax) {
    --under_way_count;
    return false;
  }
  std::promise<bool> promise;
  std::future<bool> is_told = promise.get_future();
  // PQcancel connects and waits without a limit of its own: when that takes too long, its thread is
  // left behind.
  std::thread(&Send, std::move(request), std::move(promise)).detach();
  const auto left = absl::ToChronoMilliseconds(deadline - absl::Now());
  return is_told.wait_for(left) == std::future_status::ready && is_told.get();
}

}  // namespace clientele::sql
