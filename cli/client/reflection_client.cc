#include "cli/client/reflection_client.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/server_status.h"
#include "common/status/macros.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace clientele::cli {
namespace {

using google::protobuf::FileDescriptorProto;

// The two versions of the protocol differ in nothing but their names.
struct V1 {
  using Stub = grpc::reflection::v1::ServerReflection::Stub;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};
struct V1Alpha {
  using Stub = grpc::reflection::v1alpha::ServerReflection::Stub;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

constexpr size_t kFilesMax = 1000;

// Adds `name` and what it imports to `pool`, imports first. The depth is bounded by the number of
// files, because a file is taken out of `files` before its imports are visited.
bool AddFile(const std::string& name, std::map<std::string, FileDescriptorProto>& files,
             google::protobuf::DescriptorPool& pool) {
  if (pool.FindFileByName(name) != nullptr) {
    return true;
  }
  const auto found = files.find(name);
  if (found == files.end()) {
    return false;
  }
  const FileDescriptorProto file = std::move(found->second);
  files.erase(found);
  for (const std::string& import : file.dependency()) {
    if (!AddFile(import, files, pool)) {
      return false;
    }
  }
  return pool.BuildFile(file) != nullptr;
}

}  // namespace

ReflectionClient::ReflectionClient(std::shared_ptr<grpc::Channel> channel)
    : channel_(std::move(channel)) {}

ReflectionClient::~ReflectionClient() = default;

template <typename Protocol>
absl::Status ReflectionClient::Learn(const std::string& symbol, absl::Time deadline) {
  typename Protocol::Stub stub(channel_);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  auto stream = stub.ServerReflectionInfo(&context);
  typename Protocol::Request request;
  request.set_file_containing_symbol(symbol);
  std::map<std::string, FileDescriptorProto> files;
  std::vector<std::string> wanted;
  std::string first;
  bool not_found = false;
  // Asks for the symbol's file, then for each import that did not come with it.
  while (stream->Write(request)) {
    typename Protocol::Response response;
    if (!stream->Read(&response)) {
      break;
    }
    if (response.has_error_response()) {
      not_found = true;
      break;
    }
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      FileDescriptorProto file;
      if (files.size() >= kFilesMax || !file.ParseFromString(bytes)) {
        return absl::DataLossError("the server's reflection answer is not usable");
      }
      first = first.empty() ? file.name() : first;
      wanted.insert(wanted.end(), file.dependency().begin(), file.dependency().end());
      files.emplace(file.name(), std::move(file));
    }
    while (!wanted.empty() && files.count(wanted.back()) > 0) {
      wanted.pop_back();
    }
    if (wanted.empty()) {
      break;
    }
    request.set_file_by_filename(wanted.back());
  }
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (not_found) {
    return absl::NotFoundError(absl::StrCat("the server has no ", symbol));
  }
  CLIENTELE_RETURN_IF_ERROR(FromServer(status));
  return AddFile(first, files, pool_)
             ? absl::OkStatus()
             : absl::DataLossError("the server's reflection answer is not usable");
}

absl::StatusOr<const google::protobuf::MethodDescriptor*> ReflectionClient::FindMethod(
    absl::string_view method, absl::Time deadline) {
  const std::pair<std::string, std::string> names = absl::StrSplit(method, absl::MaxSplits('/', 1));
  absl::Status learned = Learn<V1>(names.first, deadline);
  if (absl::IsUnimplemented(learned)) {
    learned = Learn<V1Alpha>(names.first, deadline);
  }
  CLIENTELE_RETURN_IF_ERROR(learned);
  const auto* service = pool_.FindServiceByName(names.first);
  const auto* found = service == nullptr ? nullptr : service->FindMethodByName(names.second);
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("the server has no ", method));
  }
  return found;
}

}  // namespace clientele::cli
