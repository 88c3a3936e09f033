#ifndef COMMON_RPC_PARSED_H_
#define COMMON_RPC_PARSED_H_

// A request that may not have been one. gRPC answers bytes it cannot parse (cut short, or text that
// is not UTF-8) by itself: UNIMPLEMENTED without a word to a unary call or a server stream, and in
// a stream of requests they look like its orderly end. So our methods receive a Parsed, which
// always "parses", and the wrapper refuses what is unsound like any other bad argument.

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <utility>

namespace clientele::rpc {

// Not thread-safe.
template <typename Message>
struct Parsed {
  Message message;        // half filled when it is not sound
  bool is_sound = false;  // whether the bytes were a Message

  void Swap(Parsed& other) {
    message.Swap(&other.message);
    std::swap(is_sound, other.is_sound);
  }
};

}  // namespace clientele::rpc

namespace grpc {

// How gRPC fills a Parsed: straight from its buffer, like any message.
template <typename Message>
class SerializationTraits<clientele::rpc::Parsed<Message>, void> {
 public:
  static Status Deserialize(ByteBuffer* buffer, clientele::rpc::Parsed<Message>* parsed) {
    parsed->is_sound = SerializationTraits<Message>::Deserialize(buffer, &parsed->message).ok();
    return Status();
  }
};

}  // namespace grpc

#endif  // COMMON_RPC_PARSED_H_
