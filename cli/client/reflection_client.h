#ifndef CLI_CLIENT_REFLECTION_CLIENT_H_
#define CLI_CLIENT_REFLECTION_CLIENT_H_

// Learns a server's services and messages by gRPC reflection (v1, else v1alpha).

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"

namespace clientele::cli {

// A descriptor pool filled from a server. Not thread-safe; descriptors live as long as this.
class ReflectionClient {
 public:
  // Does not connect yet.
  explicit ReflectionClient(std::shared_ptr<grpc::Channel> channel);
  ~ReflectionClient();

  // The method of "package.Service/Method", with everything its messages need. NOT_FOUND when the
  // server has no such service or method, UNAVAILABLE when it cannot be reached until `deadline`.
  absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(absl::string_view method,
                                                                       absl::Time deadline);

  // The pool with what was learned so far.
  const google::protobuf::DescriptorPool& pool() const { return pool_; }

 private:
  template <typename Protocol>
  absl::Status Learn(const std::string& symbol, absl::Time deadline);

  std::shared_ptr<grpc::Channel> channel_;
  google::protobuf::DescriptorPool pool_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_REFLECTION_CLIENT_H_
