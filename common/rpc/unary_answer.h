#ifndef COMMON_RPC_UNARY_ANSWER_H_
#define COMMON_RPC_UNARY_ANSWER_H_

// From what a unary handler answers to the response that is sent. Parts of GrpcService.

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/parsed.h"
#include "common/rpc/rpc_errors.h"

namespace clientele::rpc {

// Asks (handlers.*handle)(CallContext&, const Request&) → absl::StatusOr<Response>.
// INVALID_ARGUMENT MALFORMED_MESSAGE without asking it, when the request is none.
template <typename Handlers, typename Handle, typename Request, typename Response>
absl::Status Answer(const Handlers& handlers, Handle handle, CallContext& call,
                    const Parsed<Request>& request, Response& response) {
  if (!request.is_sound) {
    return MalformedMessage(Request::descriptor()->full_name());
  }
  absl::StatusOr<Response> result = (handlers.*handle)(call, request.message);
  if (!result.ok()) {
    return result.status();
  }
  response = *std::move(result);
  return absl::OkStatus();
}

// Asks (handlers.*try_handle), which answers an optional of that; nullopt also when the request is
// none: that is for Answer to say.
template <typename Handlers, typename TryHandle, typename Request, typename Response>
std::optional<absl::Status> TryAnswer(const Handlers& handlers, TryHandle try_handle,
                                      CallContext& call, const Parsed<Request>& request,
                                      Response& response) {
  if (!request.is_sound) {
    return std::nullopt;
  }
  std::optional<absl::StatusOr<Response>> result = (handlers.*try_handle)(call, request.message);
  if (!result.has_value()) {
    return std::nullopt;
  }
  if (!result->ok()) {
    return result->status();
  }
  response = **std::move(result);
  return absl::OkStatus();
}

}  // namespace clientele::rpc

#endif  // COMMON_RPC_UNARY_ANSWER_H_
