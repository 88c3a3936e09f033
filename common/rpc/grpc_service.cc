#include "common/rpc/grpc_service.h"

#include <grpcpp/impl/rpc_service_method.h>

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::rpc {

GrpcService::GrpcService(CallPipeline& pipeline, absl::string_view full_name)
    : pipeline_(pipeline), full_name_(full_name) {
  absl::StatusOr<std::vector<Method>> methods = LoadMethods(full_name);
  if (!methods.ok()) {
    std::fprintf(stderr, "%s\n", std::string(methods.status().message()).c_str());
  }
  CLIENTELE_CHECK(methods.ok());
  for (Method& method : *methods) {
    std::string name = method.name;
    methods_.emplace(std::move(name), std::move(method));
  }
}

GrpcService::~GrpcService() { CLIENTELE_CHECK(!is_served_); }

void GrpcService::CheckIsComplete() const {
  for (const auto& [name, method] : methods_) {
    if (added_.count(name) == 0) {
      std::fprintf(stderr, "%s is not served\n", method.path.c_str());
    }
  }
  CLIENTELE_CHECK(added_.size() == methods_.size());
}

const Method& GrpcService::Find(absl::string_view name, CallType type,
                                const google::protobuf::Descriptor& request,
                                const google::protobuf::Descriptor& response) const {
  const auto found = methods_.find(std::string(name));
  CLIENTELE_CHECK(found != methods_.end() && found->second.type == type);
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat(full_name_, ".", name));
  CLIENTELE_CHECK(method->input_type() == &request && method->output_type() == &response);
  return found->second;
}

void GrpcService::Add(const Method& method, grpc::internal::RpcMethod::RpcType type,
                      std::unique_ptr<grpc::internal::MethodHandler> handler) {
  CLIENTELE_CHECK(added_.insert(method.name).second);
  const int index = static_cast<int>(added_.size()) - 1;
  AddMethod(new grpc::internal::RpcServiceMethod(method.path.c_str(), type, nullptr));
  MarkMethodCallback(index, handler.release());
}

}  // namespace clientele::rpc
