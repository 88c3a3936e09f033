#include "cli/client/dynamic_call.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace clientele::cli {
namespace {

constexpr char kTypeUrlPrefix[] = "type.googleapis.com";

// The next event of a call that has one operation in flight at a time.
bool Await(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  const std::string bytes = message.SerializeAsString();
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

bool Parse(grpc::ByteBuffer& buffer, google::protobuf::Message& message) {
  grpc::ProtoBufferReader reader(&buffer);
  return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

}  // namespace

absl::Status ParseJson(absl::string_view json, const google::protobuf::DescriptorPool& pool,
                       google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::util::TypeResolver> resolver(
      google::protobuf::util::NewTypeResolverForDescriptorPool(kTypeUrlPrefix, &pool));
  std::string bytes;
  const auto status = google::protobuf::util::JsonToBinaryString(
      resolver.get(), absl::StrCat(kTypeUrlPrefix, "/", request.GetDescriptor()->full_name()),
      std::string(json), &bytes);
  if (!status.ok()) {
    // What follows the first line draws where in the text the parser stood.
    const std::string message = status.message().ToString();
    return absl::InvalidArgumentError(absl::StrCat("the JSON does not fit ",
                                                   request.GetDescriptor()->full_name(), ": ",
                                                   message.substr(0, message.find('\n'))));
  }
  return request.ParseFromString(bytes)
             ? absl::OkStatus()
             : absl::InvalidArgumentError("the JSON does not fit the request");
}

grpc::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                        const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request, absl::Time deadline,
                        absl::FunctionRef<bool(const google::protobuf::Message&)> on_response) {
  google::protobuf::DynamicMessageFactory factory;
  const google::protobuf::Message* prototype = factory.GetPrototype(method.output_type());
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  if (deadline != absl::InfiniteFuture()) {
    context.set_deadline(absl::ToChronoTime(deadline));
  }
  grpc::CompletionQueue queue;
  const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  bool going = Await(queue);
  if (going) {
    call->WriteLast(Serialize(request), grpc::WriteOptions(), nullptr);
    going = Await(queue);
  }
  bool understood = true;
  while (going) {
    grpc::ByteBuffer buffer;
    call->Read(&buffer, nullptr);
    if (!Await(queue)) {
      break;
    }
    const std::unique_ptr<google::protobuf::Message> response(prototype->New());
    understood = Parse(buffer, *response);
    if (!understood || !on_response(*response)) {
      context.TryCancel();
      going = false;
    }
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  Await(queue);
  return understood ? status
                    : grpc::Status(grpc::StatusCode::DATA_LOSS, "the response is not readable");
}

}  // namespace clientele::cli
