#include "common/rpc/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/limits.h"

namespace clientele::rpc {

namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

// Adds the token to each call of a channel. Not gRPC's call credentials: those refuse a channel
// without TLS, and behind a mesh it is the proxy that encrypts.
class BearerTokenInterceptor final : public Interceptor {
 public:
  explicit BearerTokenInterceptor(const std::function<std::string()>& bearer_token)
      : bearer_token_(bearer_token) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      if (const std::string token = bearer_token_(); !token.empty()) {
        methods->GetSendInitialMetadata()->emplace("authorization", absl::StrCat("Bearer ", token));
      }
    }
    methods->Proceed();
  }

 private:
  const std::function<std::string()>& bearer_token_;
};

class BearerTokens final : public ClientInterceptorFactoryInterface {
 public:
  explicit BearerTokens(std::function<std::string()> bearer_token)
      : bearer_token_(std::move(bearer_token)) {}
  Interceptor* CreateClientInterceptor(ClientRpcInfo*) override {
    return new BearerTokenInterceptor(bearer_token_);  // gRPC deletes it
  }

 private:
  const std::function<std::string()> bearer_token_;
};

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const std::string& address, const ChannelSecurity& security,
                                       ClientCallObserver* observer) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetMaxSendMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A peer that vanished without a word is found while calls wait for it; quiet otherwise.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A server that restarts is found again within two seconds.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>> interceptors;
  if (observer != nullptr) {
    interceptors.push_back(MakeObservation(*observer));
  }
  if (security.bearer_token) {
    interceptors.push_back(std::make_unique<BearerTokens>(security.bearer_token));
  }
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      address,
      security.credentials != nullptr ? security.credentials : grpc::InsecureChannelCredentials(),
      arguments, std::move(interceptors));
}

CallOptions NewCall(absl::Duration timeout) {
  return {.deadline = absl::Now() + timeout, .call_id = "", .traceparent = ""};
}

CallOptions ForwardedCall(const CallContext& call, absl::Duration timeout_max) {
  return {.deadline = std::min(absl::Now() + timeout_max, call.deadline - kAnswerTime),
          .call_id = call.call_id,
          .traceparent = call.traceparent};
}

void SetCallOptions(const CallOptions& options, grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(options.deadline));
  if (!options.call_id.empty()) {
    context.AddMetadata("x-request-id", options.call_id);
  }
  if (!options.traceparent.empty()) {
    context.AddMetadata("traceparent", options.traceparent);
  }
}

}  // namespace clientele::rpc
