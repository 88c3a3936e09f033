#ifndef COMMON_RPC_CLIENT_CALL_OBSERVER_H_
#define COMMON_RPC_CLIENT_CALL_OBSERVER_H_

// What a channel tells of the calls made on it, for metrics (grpc_client_*). Never a payload.

#include <grpcpp/support/client_interceptor.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::rpc {

// `method` is the path: "/clientele.profile.v1.CustomerService/GetCustomer". Called from many
// threads at once; must be quick and must not throw.
class ClientCallObserver {
 public:
  virtual ~ClientCallObserver() = default;
  virtual void OnStarted(absl::string_view method) = 0;
  virtual void OnMessageSent(absl::string_view method) = 0;
  virtual void OnMessageReceived(absl::string_view method) = 0;
  // With the status as the caller gets it, `duration` after OnStarted.
  virtual void OnHandled(absl::string_view method, absl::StatusCode code,
                         absl::Duration duration) = 0;
};

// What makes a channel tell `observer`, which outlives it, of its calls.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> MakeObservation(
    ClientCallObserver& observer);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CLIENT_CALL_OBSERVER_H_
