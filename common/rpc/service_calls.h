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
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/bidi_call.h"
#include "common/rpc/call_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/server_stream_call.h"
#include "common/rpc/stream_session.h"
#include "common/rpc/unary_call.h"

namespace clientele::rpc {

// Binds one gRPC service to the pipeline of its server.
class ServiceCalls {
 public:
  // `service_full_name` ("clientele.profile.v1.CustomerService") must be in the generated
  // descriptor pool and each of its methods must carry a sound policy option (LoadMethods); else
  // the process prints why and aborts. `pipeline` outlives it.
  ServiceCalls(CallPipeline& pipeline, absl::string_view service_full_name);

  // Runs handler(CallContext&, const Request&) → absl::StatusOr<Response> on the executor.
  // `method` must be one of the service of that shape (CHECK), here and below.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Unary(absl::string_view method, grpc::CallbackServerContext* context,
                                  const Request* request, Response* response, Handler handler) {
    return UnaryCall::Start(
        pipeline_, Find(method, CallType::kUnary), *context,
        [request, response, handler = std::move(handler)](CallContext& call) -> absl::Status {
          absl::StatusOr<Response> result = handler(call, *request);
          if (result.ok()) {
            *response = *std::move(result);
          }
          return result.status();
        });
  }

  // Serves a stream of responses. make_session(CallContext&, const Request&) →
  // absl::StatusOr<std::unique_ptr<ServerStreamSession<Response>>> runs on the executor; between
  // messages no executor thread is held (stream_session.h). Give both message types explicitly:
  //   calls_.ServerStream<WatchEventsRequest, WatchEventsResponse>("WatchEvents", context, …)
  template <typename Request, typename Response, typename MakeSession>
  grpc::ServerWriteReactor<Response>* ServerStream(absl::string_view method,
                                                   grpc::CallbackServerContext* context,
                                                   const Request* request,
                                                   MakeSession make_session) {
    return ServerStreamCall<Response>::Start(
        pipeline_, Find(method, CallType::kServerStream), *context,
        [request, make_session = std::move(make_session)](CallContext& call) {
          return make_session(call, *request);
        });
  }

  // Serves a stream both ways: each request is handled on the executor and answered by at most one
  // response, in order; between messages no executor thread is held. make_session(CallContext&) →
  // absl::StatusOr<std::unique_ptr<BidiSession<Request, Response>>> (stream_session.h). Give both
  // message types explicitly.
  template <typename Request, typename Response, typename MakeSession>
  grpc::ServerBidiReactor<Request, Response>* Bidi(absl::string_view method,
                                                   grpc::CallbackServerContext* context,
                                                   MakeSession make_session) {
    return BidiCall<Request, Response>::Start(pipeline_, Find(method, CallType::kBidiStream),
                                              *context, std::move(make_session));
  }

  // The service's full name, for RpcServer.
  const std::string& service() const { return service_; }

 private:
  const Method& Find(absl::string_view name, CallType type) const;

  CallPipeline& pipeline_;
  const std::string service_;
  std::unordered_map<std::string, Method> methods_;  // by name; never changed after construction
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVICE_CALLS_H_
