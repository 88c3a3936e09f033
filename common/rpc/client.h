#ifndef COMMON_RPC_CLIENT_H_
#define COMMON_RPC_CLIENT_H_

// Calling another server: channels, deadlines, the request id passed on, named errors back.
//
//   const auto channel = Connect("127.0.0.1:7001");
//   const auto stub = CustomerService::NewStub(channel);
//   absl::StatusOr<Customer> customer = CallUnary<Customer>(
//       ForwardedCall(call, absl::Seconds(2)),
//       [&](grpc::ClientContext* context, Customer* response) {
//         return stub->GetCustomer(context, request, response);
//       });
//
// Thread safety: functions of their arguments; a channel is thread-safe.

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call_context.h"
#include "common/rpc/client_call_observer.h"
#include "common/rpc/status_mapping.h"

namespace clientele::rpc {

// What a channel shows of its owner and expects of the server.
struct ChannelSecurity {
  // TLS (common/tls/client_tls.h); null = unencrypted.
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  // The token sent with each call, asked for at each; "" = none now. Unset = none ever.
  // Thread-safe; must not block.
  std::function<std::string()> bearer_token;
};

// A channel to "host:port" that connects when first used and again when it breaks. gRPC's own
// retries are off: who calls knows whether a repeat is safe. `observer`, which may be null and
// outlives the channel, is told of its calls.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       const ChannelSecurity& security = {},
                                       ClientCallObserver* observer = nullptr);

// What every outgoing call has.
struct CallOptions {
  absl::Time deadline;      // system clock; always finite
  std::string call_id;      // sent as x-request-id; empty = the server makes one
  std::string traceparent;  // sent as such; empty = none
};

// For a call that nobody waits for: at most `timeout` from now.
CallOptions NewCall(absl::Duration timeout);

// For a call on behalf of `call`: its id and trace, and at most `timeout_max` from now but early
// enough that an answer still reaches the caller.
CallOptions ForwardedCall(const CallContext& call, absl::Duration timeout_max);

// Puts the options into the context of a call that is about to start.
void SetCallOptions(const CallOptions& options, grpc::ClientContext& context);

// Makes one unary call and waits for it. invoke(grpc::ClientContext*, Response*) → grpc::Status is
// the stub's method. An error is the server's named error, or a plain status when no server
// answered (FromGrpcStatus). Blocks, at most until the deadline.
template <typename Response, typename Invoke>
absl::StatusOr<Response> CallUnary(const CallOptions& options, Invoke invoke) {
  grpc::ClientContext context;
  SetCallOptions(options, context);
  Response response;
  const grpc::Status status = invoke(&context, &response);
  if (!status.ok()) {
    return FromGrpcStatus(status);
  }
  return response;
}

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CLIENT_H_
