#ifndef COMMON_SERVER_CALL_REPORTS_H_
#define COMMON_SERVER_CALL_REPORTS_H_

// What the RPC wrapper tells about calls, as grpc_server_* series and JSON log lines.

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/observability/grpc_server_metrics.h"
#include "common/observability/log.h"
#include "common/observability/metrics.h"
#include "common/rpc/call_observer.h"

namespace clientele::server {

// Thread-safe. `metrics` outlives it.
class CallMetrics final : public rpc::CallObserver {
 public:
  // Registers a series at 0 for each method of `grpc_services` (full names).
  CallMetrics(Metrics& metrics, absl::Span<const std::string> grpc_services);

  void OnStarted(const rpc::Method& method) override;
  void OnMessageReceived(const rpc::Method& method) override;
  void OnMessageSent(const rpc::Method& method) override;
  void OnHandled(const rpc::CallSummary& summary) override;

 private:
  GrpcServerMetrics metrics_;
};

// Writes a line for every write, every slow call and every server-side error, for callers that were
// refused as far as the logger's limit on repeats allows, and for one in `read_sample` of the other
// reads. Thread-safe; `logger` outlives it.
class CallLines final : public rpc::CallLog {
 public:
  // `read_sample` >= 1.
  CallLines(Logger& logger, int read_sample, absl::Duration slow_min);

  void Write(const rpc::CallSummary& summary) override;

 private:
  bool IsWanted(const rpc::CallSummary& summary);

  Logger& logger_;
  const int read_sample_;
  const absl::Duration slow_min_;
  std::atomic<int64_t> read_count_{0};
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_CALL_REPORTS_H_
