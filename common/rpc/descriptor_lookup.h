#ifndef COMMON_RPC_DESCRIPTOR_LOOKUP_H_
#define COMMON_RPC_DESCRIPTOR_LOOKUP_H_

// Finds .proto files among those linked into this program: what both versions of reflection answer
// with. Thread safety: pure functions of the generated descriptor pool.

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace clientele::rpc {

// Serialized google.protobuf.FileDescriptorProto messages: a file, then everything it imports,
// directly or not, each file once.
using SerializedFiles = std::vector<std::string>;

// Each is NOT_FOUND when there is no such thing.
absl::StatusOr<SerializedFiles> FindFileByName(const std::string& import_path);
absl::StatusOr<SerializedFiles> FindFileOfSymbol(const std::string& full_name);
absl::StatusOr<SerializedFiles> FindFileOfExtension(const std::string& extended_type, int number);

// The field numbers of every known extension of a message type.
absl::StatusOr<std::vector<int>> FindExtensionNumbers(const std::string& extended_type);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_DESCRIPTOR_LOOKUP_H_
