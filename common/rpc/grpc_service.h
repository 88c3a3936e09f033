#ifndef COMMON_RPC_GRPC_SERVICE_H_
#define COMMON_RPC_GRPC_SERVICE_H_

// A gRPC service whose RPCs all run through the wrapper: request id → log → metrics → deadline →
// authentication → audit → permission → admission → handler → status mapping.
//
// A service of ours derives from GrpcService and adds each of its RPCs with one statement:
//
//   CustomerGrpcService::CustomerGrpcService(CallPipeline& pipeline, const ApiContext& api)
//       : GrpcService(pipeline, "clientele.profile.v1.CustomerService"), reads_(api) {
//     AddUnary("GetCustomer", reads_, &CustomerReads::Get);
//   }
//
// Handlers are plain blocking functions; they run on the server's bounded executor, but for answers
// that are at hand (AddUnary). None sees a malformed request: INVALID_ARGUMENT MALFORMED_MESSAGE.
// Thread safety: thread-safe after construction.

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/bidi_call.h"
#include "common/rpc/call_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/handled_call.h"
#include "common/rpc/parsed.h"
#include "common/rpc/prepared.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/server_stream_call.h"
#include "common/rpc/stream_session.h"
#include "common/rpc/unary_call.h"
#include "google/protobuf/descriptor.h"

namespace clientele::rpc {

class GrpcService : public grpc::Service {
 public:
  // "clientele.profile.v1.CustomerService".
  const std::string& full_name() const { return full_name_; }

  // Aborts unless every RPC of the service has been added. RpcServer asks.
  void CheckIsComplete() const;
  // RpcServer tells whether calls can arrive; while they can it must not be destroyed (CHECK).
  void SetServed(bool is_served) { is_served_ = is_served; }

 protected:
  // `full_name` must be in the generated descriptor pool and each of its methods must carry a sound
  // policy option (LoadMethods); else the process prints why and aborts. `pipeline` outlives it.
  GrpcService(CallPipeline& pipeline, absl::string_view full_name);
  ~GrpcService() override;

  // Serves `method` with (handlers.*handle)(CallContext&, const Request&) → StatusOr<Response>, on
  // the executor; `handlers` is a member of the service. Here and below `method` must be one of the
  // service, of that shape and with these messages, and not yet added (CHECK). If given,
  // (handlers.*try_handle) is asked first, on gRPC's own thread: it must not block (not on a
  // database, a server or another call), and answers nullopt when `handle` has to.
  template <typename Handlers, typename Request, typename Response>
  void AddUnary(absl::string_view method, const Handlers& handlers,
                absl::StatusOr<Response> (Handlers::*handle)(CallContext&, const Request&) const,
                std::optional<absl::StatusOr<Response>> (Handlers::*try_handle)(CallContext&,
                                                                                const Request&)
                    const = nullptr) {
    using Handler = grpc::internal::CallbackUnaryHandler<Parsed<Request>, Response>;
    const Method& added =
        Find(method, CallType::kUnary, *Request::descriptor(), *Response::descriptor());
    using Call = HandledCall<Handlers, Request, Response>;
    const typename Call::Handler handler = {handlers, handle, try_handle};
    const auto start = [this, &added, handler](grpc::CallbackServerContext* context,
                                               const Parsed<Request>* request, Response* response) {
      return UnaryCall::Start(
          std::make_unique<Call>(pipeline_, added, *context, handler, *request, *response));
    };
    Add(added, grpc::internal::RpcMethod::NORMAL_RPC, std::make_unique<Handler>(start));
  }

  // Serves a stream of responses. make_session(CallContext&, const Request&) →
  // absl::StatusOr<std::unique_ptr<ServerStreamSession<Response>>> runs on the executor; between
  // messages no executor thread is held (stream_session.h). Give both message types explicitly.
  template <typename Request, typename Response, typename MakeSession>
  void AddServerStream(absl::string_view method, MakeSession make_session) {
    using Session = absl::StatusOr<std::unique_ptr<ServerStreamSession<Response>>>;
    using Handler = grpc::internal::CallbackServerStreamingHandler<Parsed<Request>, Response>;
    const Method& added =
        Find(method, CallType::kServerStream, *Request::descriptor(), *Response::descriptor());
    const auto start = [this, &added, make_session = std::move(make_session)](
                           grpc::CallbackServerContext* context, const Parsed<Request>* request) {
      return ServerStreamCall<Response>::Start(
          pipeline_, added, *context, [request, make_session](CallContext& call) -> Session {
            if (!request->is_sound) {
              return MalformedMessage(Request::descriptor()->full_name());
            }
            return make_session(call, request->message);
          });
    };
    Add(added, grpc::internal::RpcMethod::SERVER_STREAMING, std::make_unique<Handler>(start));
  }

  // Serves a stream both ways: each request is handled on the executor and answered by at most one
  // response, in order; between messages no executor thread is held. make_session(CallContext&) →
  // absl::StatusOr<std::unique_ptr<BidiSession<Request, Response>>> (stream_session.h). Give both
  // message types explicitly.
  template <typename Request, typename Response, typename MakeSession>
  void AddBidi(absl::string_view method, MakeSession make_session) {
    using Handler = grpc::internal::CallbackBidiHandler<Parsed<Request>, Response>;
    const Method& added =
        Find(method, CallType::kBidiStream, *Request::descriptor(), *Response::descriptor());
    const auto start = [this, &added, make_session = std::move(make_session)](
                           grpc::CallbackServerContext* context) {
      return BidiCall<Request, Response>::Start(pipeline_, added, *context, make_session);
    };
    Add(added, grpc::internal::RpcMethod::BIDI_STREAMING, std::make_unique<Handler>(start));
  }

 private:
  const Method& Find(absl::string_view name, CallType type,
                     const google::protobuf::Descriptor& request,
                     const google::protobuf::Descriptor& response) const;
  void Add(const Method& method, grpc::internal::RpcMethod::RpcType type,
           std::unique_ptr<grpc::internal::MethodHandler> handler);

  CallPipeline& pipeline_;
  const std::string full_name_;
  std::unordered_map<std::string, Method> methods_;  // by name; never changed after construction
  std::unordered_set<std::string> added_;            // names
  bool is_served_ = false;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_GRPC_SERVICE_H_
