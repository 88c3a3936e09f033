#ifndef CLI_TESTING_FAKE_SERVER_H_
#define CLI_TESTING_FAKE_SERVER_H_

// A server whose answers the test writes: services derived from the generated ones.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server.h"

namespace clientele::cli {

// Serves from construction to destruction, which ends the calls that still run.
class FakeServer {
 public:
  // Does not own the services; they are called from the server's threads. `address` is that of a
  // server before it, to take its place; port 0 = any.
  explicit FakeServer(const std::vector<grpc::Service*>& services,
                      const std::string& address = "127.0.0.1:0");
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  // "127.0.0.1:<port chosen by the system>".
  const std::string& address() const { return address_; }

 private:
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

// A named error as a server sends it.
grpc::Status NamedError(absl::StatusCode code, const std::string& reason,
                        const std::string& message);

}  // namespace clientele::cli

#endif  // CLI_TESTING_FAKE_SERVER_H_
