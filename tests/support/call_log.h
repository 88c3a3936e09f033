#ifndef TESTS_SUPPORT_CALL_LOG_H_
#define TESTS_SUPPORT_CALL_LOG_H_

// What the callers of a load share: the clock of their histories, the two servers they call, and
// what went wrong that nobody had foreseen.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/client.h"
#include "tests/support/history.h"

namespace clientele::history {

// Only a broken server takes that long.
inline constexpr absl::Duration kCallTimeout = absl::Seconds(30);

using Random = std::mt19937_64;

// A number in [low, high].
inline int64_t Draw(Random& random, int64_t low, int64_t high) {
  return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1));
}

inline int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The two replicas of a service, and how they are called: each by its own channel, or, with a
// service config (the text of one in proto/service_config), whichever of them gRPC chooses.
struct Target {
  std::array<std::string, 2> addresses;
  std::string service_config;
};

// The channels to either replica.
std::array<std::shared_ptr<grpc::Channel>, 2> ConnectTo(const Target& target);

// Two replicas, by the stubs of one service. Thread-safe.
template <typename Service>
class Replicas {
 public:
  using Stub = typename Service::Stub;

  explicit Replicas(const Target& target) : Replicas(ConnectTo(target)) {}

  Stub& at(size_t replica) const { return *stubs_[replica]; }
  Stub& Choose(Random& random) const { return at(random() % 2); }

 private:
  explicit Replicas(const std::array<std::shared_ptr<grpc::Channel>, 2>& channels)
      : stubs_{Service::NewStub(channels[0]), Service::NewStub(channels[1])} {}

  const std::array<std::unique_ptr<Stub>, 2> stubs_;
};

// Calls a method of a stub, and says in `when` from when to when that took.
template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> TimedCall(Stub& stub,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   const Request& request, Interval& when) {
  when.begin_ns = NowNs();
  auto answer = rpc::CallUnary<Response>(rpc::NewCall(kCallTimeout),
                                         [&](grpc::ClientContext* context, Response* response) {
                                           return (stub.*method)(context, request, response);
                                         });
  when.end_ns = NowNs();
  return answer;
}

// Calls that ended as none may. Thread-safe.
class Failures {
 public:
  void Add(absl::string_view what) {
    ++count_;
    std::fprintf(stderr, "%s\n", std::string(what).c_str());
  }
  // Whether `answer` to a call of `method` is no failure; adds it when it is.
  template <typename Answer>
  bool IsNone(absl::string_view method, const absl::StatusOr<Answer>& answer) {
    if (!answer.ok()) {
      Add(absl::StrCat(method, ": ", answer.status().ToString()));
    }
    return answer.ok();
  }
  int64_t count() const { return count_; }

 private:
  std::atomic<int64_t> count_ = 0;
};

// A version 4 UUID.
std::string DrawUuid(Random& random);

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_CALL_LOG_H_
