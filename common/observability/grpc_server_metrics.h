#ifndef COMMON_OBSERVABILITY_GRPC_SERVER_METRICS_H_
#define COMMON_OBSERVABILITY_GRPC_SERVER_METRICS_H_

// The grpc_server_* series under the names, types and codes that the gRPC ecosystem's dashboards
// and rules expect ("unary", "InvalidArgument"), at 0 for every method and code from the start, so
// that a rate never misses the first error. Knows nothing of gRPC itself.
//
// Thread safety: thread-safe after construction; no call here allocates.

#include <array>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/observability/metrics.h"

namespace clientele {

enum class GrpcMethodType { kUnary, kClientStream, kServerStream, kBidiStream };

struct GrpcMethod {
  std::string full_name;  // "/clientele.profile.v1.CustomerService/GetCustomer"
  GrpcMethodType type;
};

// The series of one method.
class GrpcMethodMetrics {
 public:
  void OnStarted() { started_->Increment(); }
  void OnMessageReceived() { received_->Increment(); }
  void OnMessageSent() { sent_->Increment(); }
  // Once per call, with its final status; `seconds` from arrival to the status being sent.
  void OnHandled(absl::StatusCode code, double seconds);

 private:
  friend class GrpcServerMetrics;
  static constexpr int kCodes = 17;

  prometheus::Counter* started_;
  prometheus::Counter* received_;
  prometheus::Counter* sent_;
  std::array<prometheus::Counter*, kCodes> handled_;
  prometheus::Histogram* handling_seconds_;
};

class GrpcServerMetrics {
 public:
  // `metrics` must outlive it. A malformed method name is a CHECK failure.
  GrpcServerMetrics(Metrics& metrics, absl::Span<const GrpcMethod> methods);

  // The series of a method: one hash look-up. Calls of methods that were not given are counted
  // together as "unknown": a caller cannot make series.
  GrpcMethodMetrics& ForMethod(absl::string_view full_name);

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<GrpcMethodMetrics>> methods_;
  std::unique_ptr<GrpcMethodMetrics> unknown_;
};

// The code as Go's gRPC spells it: "OK", "InvalidArgument".
absl::string_view GrpcCodeName(absl::StatusCode code);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_GRPC_SERVER_METRICS_H_
