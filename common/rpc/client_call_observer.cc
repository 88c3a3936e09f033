#include "common/rpc/client_call_observer.h"

#include "absl/time/clock.h"

namespace clientele::rpc {
namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

// Sees one call from its beginning to its end.
class Observation final : public Interceptor {
 public:
  Observation(ClientCallObserver& observer, absl::string_view method)
      : observer_(observer), method_(method), begin_(absl::Now()) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      observer_.OnStarted(method_);
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) {
      observer_.OnMessageSent(method_);
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) &&
        methods->GetRecvMessage() != nullptr) {
      observer_.OnMessageReceived(method_);
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      const grpc::Status& status = *methods->GetRecvStatus();
      observer_.OnHandled(method_, static_cast<absl::StatusCode>(status.error_code()),
                          absl::Now() - begin_);
    }
    methods->Proceed();
  }

 private:
  ClientCallObserver& observer_;
  const absl::string_view method_;  // the stub's, which has it as long as the call
  const absl::Time begin_;
};

class Observations final : public ClientInterceptorFactoryInterface {
 public:
  explicit Observations(ClientCallObserver& observer) : observer_(observer) {}
  Interceptor* CreateClientInterceptor(ClientRpcInfo* call) override {
    return new Observation(observer_, call->method());  // gRPC deletes it
  }

 private:
  ClientCallObserver& observer_;
};

}  // namespace

std::unique_ptr<ClientInterceptorFactoryInterface> MakeObservation(ClientCallObserver& observer) {
  return std::make_unique<Observations>(observer);
}

}  // namespace clientele::rpc
