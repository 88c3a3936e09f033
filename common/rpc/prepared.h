#ifndef COMMON_RPC_PREPARED_H_
#define COMMON_RPC_PREPARED_H_

// A response that is serialised already, as a cache keeps it: a method whose handler answers
// absl::StatusOr<Prepared<Message>> sends the bytes as they are.

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clientele::rpc {

// A value.
template <typename Message>
struct Prepared {
  std::string bytes;  // a Message's

  static const google::protobuf::Descriptor* descriptor() { return Message::descriptor(); }
};

// What can be looked into of a response: a Prepared is bytes already.
inline const google::protobuf::Message* MessageOf(const google::protobuf::Message& message) {
  return &message;
}
template <typename Message>
const google::protobuf::Message* MessageOf(const Prepared<Message>&) {
  return nullptr;
}

}  // namespace clientele::rpc

namespace grpc {

// How gRPC sends a Prepared.
template <typename Message>
class SerializationTraits<clientele::rpc::Prepared<Message>, void> {
 public:
  static Status Serialize(const clientele::rpc::Prepared<Message>& prepared, ByteBuffer* buffer,
                          bool* own_buffer) {
    const Slice slice(prepared.bytes);
    *buffer = ByteBuffer(&slice, 1);
    *own_buffer = true;
    return Status();
  }
};

}  // namespace grpc

#endif  // COMMON_RPC_PREPARED_H_
