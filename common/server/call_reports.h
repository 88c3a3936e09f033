#ifndef COMMON_SERVER_CALL_REPORTS_H_
#define COMMON_SERVER_CALL_REPORTS_H_

// What the RPC wrapper tells about calls, as grpc_server_* series and JSON log lines, and what
// channels tell of theirs, as grpc_client_*.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/observability/grpc_metrics.h"
#include "common/observability/log.h"
#include "common/observability/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/client_call_observer.h"

namespace clientele::server {

// Thread-safe. `metrics` outlives it.
class CallMetrics final : public rpc::CallObserver {
 public:
  // Registers a series at 0 for each method of `grpc_services` (full names), and
  // calls_refused_total{cause,kind,grpc_type} for what is refused for the load: before any work is
  // done for it as the server is busy (overloaded) or the caller has used its share (rate_limited),
  // or after some as a queue behind the door is full (queue_full).
  CallMetrics(Metrics& metrics, absl::Span<const std::string> grpc_services);

  void OnStarted(const rpc::Method& method) override;
  void OnMessageReceived(const rpc::Method& method) override;
  void OnMessageSent(const rpc::Method& method) override;
  void OnHandled(const rpc::CallSummary& summary) override;

 private:
  // Calls that were refused for the load, for one cause.
  struct Refused {
    Refused(Metrics& metrics, const char* cause);
    void Count(const rpc::Method& method) {
      (method.writes() ? writes : reads).at(static_cast<size_t>(method.type))->Increment();
    }

    // By the type of call.
    std::array<prometheus::Counter*, 3> reads;
    std::array<prometheus::Counter*, 3> writes;
  };

  GrpcMetrics metrics_;
  Refused overloaded_;
  Refused queue_full_;
  Refused rate_limited_;
};

// Thread-safe. `metrics` outlives it.
class ClientCallMetrics final : public rpc::ClientCallObserver {
 public:
  // Registers a series at 0 for each of `methods` (paths); a path of no method is a CHECK failure.
  ClientCallMetrics(Metrics& metrics, absl::Span<const std::string> methods);

  void OnStarted(absl::string_view method) override;
  void OnMessageSent(absl::string_view method) override;
  void OnMessageReceived(absl::string_view method) override;
  void OnHandled(absl::string_view method, absl::StatusCode code, absl::Duration duration) override;

 private:
  GrpcMetrics metrics_;
};

// Writes a line for every write, every slow call and every server-side error; for callers that were
// refused, calls for the load, and calls that came too late to begin as far as the logger's limit
// on repeats allows; for the other reads that failed likewise, by method and code; and for one in
// `read_sample` of those that went well. Thread-safe; `logger` outlives it.
class CallLines final : public rpc::CallLog {
 public:
  // `read_sample` >= 1.
  CallLines(Logger& logger, int read_sample, absl::Duration slow_min);

  void Write(const rpc::CallSummary& summary) override;

 private:
  // Of the calls none of which may be missing, but for the floods that Write limits.
  bool IsOfComplete(const rpc::CallSummary& summary) const;
  bool IsWanted(const rpc::CallSummary& summary);

  Logger& logger_;
  const int read_sample_;
  const absl::Duration slow_min_;
  std::atomic<int64_t> read_count_{0};
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_CALL_REPORTS_H_
