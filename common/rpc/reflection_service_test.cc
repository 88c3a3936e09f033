#include "common/rpc/reflection_service.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <map>

#include "common/rpc/testing/echo_server.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"

namespace clientele::rpc {
namespace {

using ::testing::Contains;
using ::testing::UnorderedElementsAre;

struct V1 {
  using Service = grpc::reflection::v1::ServerReflection;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};
struct V1Alpha {
  using Service = grpc::reflection::v1alpha::ServerReflection;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

template <typename Version>
class ReflectionServiceTest : public testing::Test {
 protected:
  using Request = typename Version::Request;
  using Response = typename Version::Response;

  ReflectionServiceTest()
      : stub_(Version::Service::NewStub(server_.NewChannel())),
        stream_(stub_->ServerReflectionInfo(&context_)) {}
  ~ReflectionServiceTest() override {
    stream_->WritesDone();
    EXPECT_TRUE(stream_->Finish().ok());
  }

  Response Ask(Request request) {
    request.set_host("here");
    Response response;
    EXPECT_TRUE(stream_->Write(request));
    EXPECT_TRUE(stream_->Read(&response));
    EXPECT_EQ(response.valid_host(), "here");
    EXPECT_EQ(response.original_request().SerializeAsString(), request.SerializeAsString());
    return response;
  }

  Response AskForSymbol(const std::string& symbol) {
    Request request;
    request.set_file_containing_symbol(symbol);
    return Ask(request);
  }

  std::vector<std::string> ListServices() {
    Request request;
    request.set_list_services("*");
    const Response response = Ask(request);
    std::vector<std::string> names;
    for (const auto& service : response.list_services_response().service()) {
      names.push_back(service.name());
    }
    return names;
  }

  EchoServer server_;
  grpc::ClientContext context_;
  std::unique_ptr<typename Version::Service::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

// Adds a file and first what it imports.
const google::protobuf::FileDescriptor* Build(
    const std::string& name,
    const std::map<std::string, google::protobuf::FileDescriptorProto>& files,
    google::protobuf::DescriptorPool& pool) {
  if (const auto* known = pool.FindFileByName(name); known != nullptr) {
    return known;
  }
  const auto file = files.find(name);
  if (file == files.end()) {
    return nullptr;
  }
  for (const std::string& import : file->second.dependency()) {
    Build(import, files, pool);
  }
  return pool.BuildFile(file->second);
}

using Versions = testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ReflectionServiceTest, Versions);

TYPED_TEST(ReflectionServiceTest, ListsTheServicesOfThisServer) {
  EXPECT_THAT(
      this->ListServices(),
      UnorderedElementsAre("clientele.echo.v1.EchoService", "grpc.reflection.v1.ServerReflection",
                           "grpc.reflection.v1alpha.ServerReflection"));
}

TYPED_TEST(ReflectionServiceTest, GivesAClientEverythingItNeedsToCallEveryMethod) {
  for (const std::string& name : this->ListServices()) {
    const auto response = this->AskForSymbol(name);
    std::map<std::string, google::protobuf::FileDescriptorProto> files;
    std::string first_file;
    for (const std::string& serialized :
         response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      ASSERT_TRUE(file.ParseFromString(serialized));
      first_file = first_file.empty() ? file.name() : first_file;
      files[file.name()] = file;
    }
    google::protobuf::DescriptorPool pool;
    ASSERT_NE(Build(first_file, files, pool), nullptr) << name;
    const auto* service = pool.FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_GE(service->method(i)->input_type()->field_count(), 0);
      EXPECT_GT(service->method(i)->output_type()->field_count(), 0);
    }
  }
}

TYPED_TEST(ReflectionServiceTest, FindsFilesByNameAndByExtension) {
  typename TypeParam::Request by_name;
  by_name.set_file_by_filename("google/rpc/error_details.proto");
  EXPECT_GE(this->Ask(by_name).file_descriptor_response().file_descriptor_proto_size(), 2);

  typename TypeParam::Request by_extension;
  by_extension.mutable_file_containing_extension()->set_containing_type(
      "google.protobuf.MethodOptions");
  by_extension.mutable_file_containing_extension()->set_extension_number(50501);
  google::protobuf::FileDescriptorProto file;
  const auto found = this->Ask(by_extension);
  ASSERT_GE(found.file_descriptor_response().file_descriptor_proto_size(), 1);
  ASSERT_TRUE(file.ParseFromString(found.file_descriptor_response().file_descriptor_proto(0)));
  EXPECT_EQ(file.name(), "clientele/common/v1/rpc_policy.proto");

  typename TypeParam::Request numbers;
  numbers.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  EXPECT_THAT(this->Ask(numbers).all_extension_numbers_response().extension_number(),
              Contains(50501));
}

TYPED_TEST(ReflectionServiceTest, SaysWhatItDoesNotKnowAndGoesOn) {
  EXPECT_EQ(this->AskForSymbol("no.such.Symbol").error_response().error_code(), 5);
  EXPECT_EQ(this->Ask(typename TypeParam::Request()).error_response().error_code(), 3);
  EXPECT_TRUE(this->AskForSymbol("clientele.echo.v1.EchoResponse").has_file_descriptor_response());
}

}  // namespace
}  // namespace clientele::rpc
