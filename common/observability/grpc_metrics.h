#ifndef COMMON_OBSERVABILITY_GRPC_METRICS_H_
#define COMMON_OBSERVABILITY_GRPC_METRICS_H_

// The grpc_server_* series of the calls a process serves, and grpc_client_* alike of those it
// makes, under the names, types and codes that the gRPC ecosystem's dashboards and rules expect
// ("unary", "InvalidArgument"), at 0 for every method and code from the start, so that a rate never
// misses the first error. Knows nothing of gRPC itself.
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

// Which side of a call is counted.
enum class GrpcSide { kServer, kClient };

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
  // Once per call, with its final status; `seconds` from its beginning to its status.
  void OnHandled(absl::StatusCode code, double seconds);

 private:
  friend class GrpcMetrics;
  static constexpr int kCodes = 17;

  prometheus::Counter* started_;
  prometheus::Counter* received_;
  prometheus::Counter* sent_;
  std::array<prometheus::Counter*, kCodes> handled_;
  prometheus::Histogram* handling_seconds_;
};

class GrpcMetrics {
 public:
  // `metrics` must outlive it. A malformed method name is a CHECK failure.
  GrpcMetrics(Metrics& metrics, GrpcSide side, absl::Span<const GrpcMethod> methods);

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

#endif  // COMMON_OBSERVABILITY_GRPC_METRICS_H_
