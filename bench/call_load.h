#ifndef BENCH_CALL_LOAD_H_
#define BENCH_CALL_LOAD_H_

// One asynchronous unary RPC, so many calls of it under way at a time, and what they cost.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/cpu.h"
#include "common/status/macros.h"

namespace clientele::bench {

// What calls cost: how many there were a second, and the CPU of this process for each, in which
// client and server are when they share it.
struct CallRate {
  double per_s = 0;
  double cpu_us_each = 0;
};

// The rates of one side, a round each, as members of a JSON object: "NAME_per_s" and
// "NAME_cpu_us_each".
class CallRates {
 public:
  explicit CallRates(absl::string_view name) : name_(name) {}

  void Add(const CallRate& rate) {
    per_s_.push_back(rate.per_s);
    cpu_us_each_.push_back(rate.cpu_us_each);
  }

  std::string AsJson() const {
    return absl::StrCat("\"", name_, "_per_s\":[", absl::StrJoin(per_s_, ","), "],\"", name_,
                        "_cpu_us_each\":[", absl::StrJoin(cpu_us_each_, ","), "]");
  }

 private:
  const std::string name_;
  std::vector<double> per_s_;
  std::vector<double> cpu_us_each_;
};

// Makes calls by start(grpc::ClientContext*, Response*, done), done(const grpc::Status&) being what
// the stub calls at the end. A call that fails is a CHECK. Used by one thread.
template <typename Response, typename Start>
class CallLoad {
 public:
  explicit CallLoad(Start start) : start_(std::move(start)) {}

  // Calls for `lasting`, `in_flight` at a time, each begun by the end of another.
  CallRate Measure(absl::Duration lasting, int64_t in_flight) {
    const double cpu_before = CpuSeconds();
    const absl::Time begin = absl::Now();
    end_ = begin + lasting;
    const auto count = static_cast<double>(Run(in_flight));
    return {count / absl::ToDoubleSeconds(absl::Now() - begin),
            (CpuSeconds() - cpu_before) * 1e6 / count};
  }

  // Makes `count` calls at once.
  void CallAtOnce(int64_t count) {
    end_ = absl::InfinitePast();
    Run(count);
  }

 private:
  struct Call {
    grpc::ClientContext context;
    Response response;
  };

  // Answers how many calls ended.
  int64_t Run(int64_t in_flight) {
    done_count_ = 0;
    open_count_ = in_flight;
    for (int64_t i = 0; i < in_flight; ++i) Begin();
    std::unique_lock<std::mutex> lock(mutex_);
    all_done_.wait(lock, [this] { return open_count_ == 0; });
    return done_count_;
  }

  void Begin() {
    auto* const call = new Call;  // deleted when it is done
    start_(&call->context, &call->response, [this, call](const grpc::Status& status) {
      CLIENTELE_CHECK(status.ok());
      delete call;
      ++done_count_;
      if (absl::Now() < end_) {
        Begin();
        return;
      }
      std::lock_guard<std::mutex> lock(mutex_);
      --open_count_;
      all_done_.notify_one();
    });
  }

  const Start start_;
  absl::Time end_;
  std::atomic<int64_t> done_count_ = 0;
  std::mutex mutex_;
  std::condition_variable all_done_;
  int64_t open_count_ = 0;  // guarded by mutex_
};

template <typename Response, typename Start>
CallLoad<Response, Start> MakeCallLoad(Start start) {
  return CallLoad<Response, Start>(std::move(start));
}

}  // namespace clientele::bench

#endif  // BENCH_CALL_LOAD_H_
