#ifndef COMMON_RPC_SERVICE_CALLS_H_
#define COMMON_RPC_SERVICE_CALLS_H_

// The wrapper every RPC runs through: request id → log → metrics → deadline → authentication →
// permission → admission → handler → status mapping.
//
// A generated CallbackService forwards each RPC with one statement:
//
//   grpc::ServerUnaryReactor* GetCustomer(grpc::CallbackServerContext* context,
//                                         const GetCustomerRequest* request,
//                                         Customer* response) override {
//     return calls_.Unary("GetCustomer", context, request, response,
//                         [this](CallContext& call, const GetCustomerRequest& r) {
//                           return customers_.Get(call, r);   // absl::StatusOr<Customer>
//                         });
//   }
//
// Handlers are plain blocking functions; they run on the server's bounded executor.
// Thread safety: thread-safe after construction.

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call_context.h"
#include "common/rpc/stream_session.h"

namespace clientele::rpc {

class CallPipeline;  // common/rpc/call_pipeline.h

// Binds one gRPC service to the pipeline of its server.
class ServiceCalls {
 public:
  // `service_full_name` ("clientele.profile.v1.CustomerService") must be in the generated
  // descriptor pool and each of its methods must carry the policy option (CHECK). `pipeline`
  // outlives it.
  ServiceCalls(CallPipeline& pipeline, absl::string_view service_full_name);

  // Runs handler(CallContext&, const Request&) → absl::StatusOr<Response> on the executor.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Unary(absl::string_view method, grpc::CallbackServerContext* context,
                                  const Request* request, Response* response, Handler handler);

  // Serves a stream of responses. make_session(CallContext&, const Request&) →
  // absl::StatusOr<std::unique_ptr<ServerStreamSession<Response>>> runs on the executor; between
  // messages no executor thread is held (stream_session.h).
  template <typename Request, typename Response, typename MakeSession>
  grpc::ServerWriteReactor<Response>* ServerStream(absl::string_view method,
                                                   grpc::CallbackServerContext* context,
                                                   const Request* request,
                                                   MakeSession make_session);

  // Serves a stream both ways: each request is handled on the executor and answered by one
  // response, in order; between messages no executor thread is held. make_session(CallContext&) →
  // absl::StatusOr<std::unique_ptr<BidiSession<Request, Response>>> (stream_session.h).
  template <typename Request, typename Response, typename MakeSession>
  grpc::ServerBidiReactor<Request, Response>* Bidi(absl::string_view method,
                                                   grpc::CallbackServerContext* context,
                                                   MakeSession make_session);
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVICE_CALLS_H_
