#ifndef CLI_CLIENT_DYNAMIC_CALL_H_
#define CLI_CLIENT_DYNAMIC_CALL_H_

// Calls a method that is known only by its descriptor.

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace clientele::cli {

// Fills `request` from proto JSON (original or lowerCamel field names). INVALID_ARGUMENT with the
// parser's sentence when the text does not fit the message.
absl::Status ParseJson(absl::string_view json, const google::protobuf::DescriptorPool& pool,
                       google::protobuf::Message& request);

// Sends `request` to a unary or server-streaming `method` and hands each response to `on_response`
// until it returns false (which cancels the call) or the call ends. Blocks. An infinite deadline
// means none.
grpc::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                        const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request, absl::Time deadline,
                        absl::FunctionRef<bool(const google::protobuf::Message&)> on_response);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_DYNAMIC_CALL_H_
