#include "common/rpc/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "common/rpc/limits.h"

namespace clientele::rpc {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
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
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

CallOptions NewCall(absl::Duration timeout) {
  return {.deadline = absl::Now() + timeout, .call_id = ""};
}

CallOptions ForwardedCall(const CallContext& call, absl::Duration timeout_max) {
  return {.deadline = std::min(absl::Now() + timeout_max, call.deadline - kAnswerTime),
          .call_id = call.call_id};
}

void SetCallOptions(const CallOptions& options, grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(options.deadline));
  if (!options.call_id.empty()) {
    context.AddMetadata("x-request-id", options.call_id);
  }
}

}  // namespace clientele::rpc
