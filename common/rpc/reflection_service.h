#ifndef COMMON_RPC_REFLECTION_SERVICE_H_
#define COMMON_RPC_REFLECTION_SERVICE_H_

// Server reflection, v1 and v1alpha from one template: the two protocols differ in their package
// alone. (libgrpc++_reflection has v1alpha only, and its descriptors collide with ours.)
//
// It stands beside the pipeline: its protos carry no policy, it answers from memory, and what it
// tells is public. Thread safety: thread-safe after construction.

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/server_callback.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/descriptor_lookup.h"
#include "common/rpc/parsed.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/status_mapping.h"

namespace clientele::rpc {

template <typename Request, typename Response>
class ReflectionService final : public grpc::Service {
 public:
  // `service_names` is what list_services answers; `error_domain` ("profile.clientele") goes into
  // the error for a request that cannot be parsed.
  ReflectionService(std::vector<std::string> service_names, std::string error_domain)
      : path_(absl::StrCat("/", Request::descriptor()->file()->service(0)->full_name(),
                           "/ServerReflectionInfo")),
        service_names_(std::move(service_names)),
        error_domain_(std::move(error_domain)) {
    AddMethod(new grpc::internal::RpcServiceMethod(
        path_.c_str(), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
    MarkMethodCallback(0, new grpc::internal::CallbackBidiHandler<Parsed<Request>, Response>(
                              [this](grpc::CallbackServerContext*) { return new Stream(*this); }));
  }

 private:
  // Reads, answers, writes, and reads again; owns itself until OnDone. One operation is under way
  // at any time, so nothing needs a lock, and a cancel shows as the failure of that operation.
  class Stream final : public grpc::ServerBidiReactor<Parsed<Request>, Response> {
   public:
    explicit Stream(const ReflectionService& service) : service_(service) {
      this->StartRead(&request_);
    }
    void OnReadDone(bool ok) override {
      if (!ok) {
        this->Finish(grpc::Status::OK);
        return;
      }
      if (!request_.is_sound) {
        this->Finish(ToGrpcStatus(MalformedMessage(Request::descriptor()->full_name()),
                                  service_.error_domain_));
        return;
      }
      response_.Clear();
      service_.Answer(request_.message, response_);
      this->StartWrite(&response_);
    }
    void OnWriteDone(bool ok) override {
      if (!ok) {
        this->Finish(grpc::Status::CANCELLED);
        return;
      }
      this->StartRead(&request_);
    }
    void OnDone() override { delete this; }

   private:
    const ReflectionService& service_;
    Parsed<Request> request_;
    Response response_;
  };

  void Answer(const Request& request, Response& response) const {
    response.set_valid_host(request.host());
    *response.mutable_original_request() = request;
    switch (request.message_request_case()) {
      case Request::kFileByFilename:
        return SetFiles(FindFileByName(request.file_by_filename()), response);
      case Request::kFileContainingSymbol:
        return SetFiles(FindFileOfSymbol(request.file_containing_symbol()), response);
      case Request::kFileContainingExtension: {
        const auto& extension = request.file_containing_extension();
        return SetFiles(
            FindFileOfExtension(extension.containing_type(), extension.extension_number()),
            response);
      }
      case Request::kAllExtensionNumbersOfType:
        return SetExtensionNumbers(request.all_extension_numbers_of_type(), response);
      case Request::kListServices:
        for (const std::string& name : service_names_) {
          response.mutable_list_services_response()->add_service()->set_name(name);
        }
        return;
      case Request::MESSAGE_REQUEST_NOT_SET:
        return SetError(absl::InvalidArgumentError("the request asks nothing"), response);
    }
  }

  static void SetFiles(const absl::StatusOr<SerializedFiles>& files, Response& response) {
    if (!files.ok()) {
      return SetError(files.status(), response);
    }
    for (const std::string& file : *files) {
      response.mutable_file_descriptor_response()->add_file_descriptor_proto(file);
    }
  }

  static void SetExtensionNumbers(const std::string& type, Response& response) {
    const absl::StatusOr<std::vector<int>> numbers = FindExtensionNumbers(type);
    if (!numbers.ok()) {
      return SetError(numbers.status(), response);
    }
    auto& answer = *response.mutable_all_extension_numbers_response();
    answer.set_base_type_name(type);
    answer.mutable_extension_number()->Add(numbers->begin(), numbers->end());
  }

  static void SetError(const absl::Status& error, Response& response) {
    response.mutable_error_response()->set_error_code(static_cast<int>(error.code()));
    response.mutable_error_response()->set_error_message(std::string(error.message()));
  }

  const std::string path_;  // gRPC keeps its address
  const std::vector<std::string> service_names_;
  const std::string error_domain_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_REFLECTION_SERVICE_H_
