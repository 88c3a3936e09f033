#include "common/rpc/descriptor_lookup.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <unordered_set>

#include "absl/strings/str_cat.h"

namespace clientele::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

absl::Status NotFound(const std::string& what) {
  return absl::NotFoundError(absl::StrCat(what, " is not known to this server"));
}

SerializedFiles WithImports(const FileDescriptor& file) {
  SerializedFiles serialized;
  std::vector<const FileDescriptor*> found = {&file};
  std::unordered_set<const FileDescriptor*> seen = {&file};
  for (size_t i = 0; i < found.size(); ++i) {
    google::protobuf::FileDescriptorProto proto;
    found[i]->CopyTo(&proto);
    serialized.push_back(proto.SerializeAsString());
    for (int import = 0; import < found[i]->dependency_count(); ++import) {
      if (const FileDescriptor* imported = found[i]->dependency(import);
          seen.insert(imported).second) {
        found.push_back(imported);
      }
    }
  }
  return serialized;
}

}  // namespace

absl::StatusOr<SerializedFiles> FindFileByName(const std::string& import_path) {
  const FileDescriptor* file = Pool().FindFileByName(import_path);
  if (file == nullptr) {
    return NotFound(import_path);
  }
  return WithImports(*file);
}

absl::StatusOr<SerializedFiles> FindFileOfSymbol(const std::string& full_name) {
  const FileDescriptor* file = Pool().FindFileContainingSymbol(full_name);
  if (file == nullptr) {
    return NotFound(full_name);
  }
  return WithImports(*file);
}

absl::StatusOr<SerializedFiles> FindFileOfExtension(const std::string& extended_type, int number) {
  const Descriptor* type = Pool().FindMessageTypeByName(extended_type);
  const FieldDescriptor* extension =
      type == nullptr ? nullptr : Pool().FindExtensionByNumber(type, number);
  if (extension == nullptr) {
    return NotFound(absl::StrCat("extension ", number, " of ", extended_type));
  }
  return WithImports(*extension->file());
}

absl::StatusOr<std::vector<int>> FindExtensionNumbers(const std::string& extended_type) {
  const Descriptor* type = Pool().FindMessageTypeByName(extended_type);
  if (type == nullptr) {
    return NotFound(extended_type);
  }
  std::vector<const FieldDescriptor*> extensions;
  Pool().FindAllExtensions(type, &extensions);
  std::vector<int> numbers;
  for (const FieldDescriptor* extension : extensions) {
    numbers.push_back(extension->number());
  }
  return numbers;
}

}  // namespace clientele::rpc
