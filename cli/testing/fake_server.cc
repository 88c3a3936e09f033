#include "cli/testing/fake_server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace clientele::cli {

FakeServer::FakeServer(const std::vector<grpc::Service*>& services, const std::string& address) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : services) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
  CLIENTELE_CHECK(server_ != nullptr);
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

grpc::Status NamedError(absl::StatusCode code, const std::string& reason,
                        const std::string& message) {
  return rpc::ToGrpcStatus(ErrorBuilder(code, reason, message).Build(), "test.clientele");
}

}  // namespace clientele::cli
