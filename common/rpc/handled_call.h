#ifndef COMMON_RPC_HANDLED_CALL_H_
#define COMMON_RPC_HANDLED_CALL_H_

// A unary call that a handler of a service answers. A part of GrpcService.

#include <grpcpp/server_context.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/method.h"
#include "common/rpc/parsed.h"
#include "common/rpc/prepared.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/unary_call.h"

namespace clientele::rpc {

// As UnaryCall.
template <typename Handlers, typename Request, typename Response>
class HandledCall final : public UnaryCall {
 public:
  // What answers; the same for all calls of a method.
  struct Handler {
    const Handlers& handlers;
    absl::StatusOr<Response> (Handlers::*handle)(CallContext&, const Request&) const;
    // Null when nothing is answered at once.
    std::optional<absl::StatusOr<Response>> (Handlers::*try_handle)(CallContext&,
                                                                    const Request&) const;
  };

  // All but `handler` outlive the call.
  HandledCall(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
              const Handler& handler, const Parsed<Request>& request, Response& response)
      : UnaryCall(pipeline, method, context,
                  {request.is_sound ? &request.message : nullptr, MessageOf(response)}),
        handler_(handler),
        request_(request),
        response_(response) {}

 private:
  // INVALID_ARGUMENT MALFORMED_MESSAGE without asking the handler, when the request is none.
  absl::Status Serve(CallContext& call) override {
    if (!request_.is_sound) {
      return MalformedMessage(Request::descriptor()->full_name());
    }
    return Take((handler_.handlers.*handler_.handle)(call, request_.message));
  }

  // nullopt also when the request is none: that is for Serve to say.
  std::optional<absl::Status> ServeNow(CallContext& call) override {
    if (handler_.try_handle == nullptr || !request_.is_sound) {
      return std::nullopt;
    }
    auto answer = (handler_.handlers.*handler_.try_handle)(call, request_.message);
    if (!answer.has_value()) {
      return std::nullopt;
    }
    return Take(*std::move(answer));
  }

  absl::Status Take(absl::StatusOr<Response> answer) {
    if (!answer.ok()) {
      return answer.status();
    }
    response_ = *std::move(answer);
    return absl::OkStatus();
  }

  const Handler handler_;
  const Parsed<Request>& request_;
  Response& response_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_HANDLED_CALL_H_
