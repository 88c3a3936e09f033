// Requests that are none, as a client in another language, or a broken one, can send them.

#include <gmock/gmock.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "common/rpc/rpc_errors.h"
#include "common/rpc/status_mapping.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Field 1 of each request, with fewer bytes than it announces; or with text that is not UTF-8.
constexpr absl::string_view kCutShort = "\x0a\x05zz";
constexpr absl::string_view kNotUtf8 = "\x0a\x01\xff";
// A sound message with a field that its receiver does not know.
constexpr absl::string_view kUnknownField = "\xa0\x06\x01";

grpc::ByteBuffer ToBuffer(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

// Answers each request with its number.
class RepeatingSession final : public ExchangeSession {
 public:
  absl::StatusOr<std::optional<pb::ExchangeResponse>> Handle(
      const pb::ExchangeRequest& request) override {
    pb::ExchangeResponse response;
    response.set_number(request.number());
    return response;
  }
};

class MalformedMessageTest : public testing::Test {
 protected:
  using Method = grpc::internal::RpcMethod;
  template <typename Response>
  using Stream = std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, Response>>;

  absl::Status Echo(absl::string_view bytes) {
    grpc::ClientContext context;
    pb::EchoResponse response;
    const Method method("/clientele.echo.v1.EchoService/Echo", Method::NORMAL_RPC, channel_);
    return FromGrpcStatus(grpc::internal::BlockingUnaryCall(channel_.get(), method, &context,
                                                            ToBuffer(bytes), &response));
  }

  // Talks to a method of any shape as if it were a stream both ways.
  template <typename Response>
  Stream<Response> Open(const char* path) {
    const Method method(path, Method::BIDI_STREAMING, channel_);
    return Stream<Response>(
        grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, Response>::Create(
            channel_.get(), method, &context_));
  }

  // Ends the requests and answers how the call ended.
  template <typename Response>
  absl::Status End(const Stream<Response>& stream) {
    stream->WritesDone();
    return FromGrpcStatus(stream->Finish());
  }

  // The reason in the log line of the only call; "" without a wait when the test has failed
  // already.
  std::string LoggedReason() {
    if (HasFailure()) {
      return "";
    }
    server_.observer.WaitFor("logged", 1);
    return server_.observer.logged().at(0).reason;
  }

  static void ExpectRefused(const absl::Status& status, const std::string& message_type) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(GetErrorReason(status), "MALFORMED_MESSAGE");
    EXPECT_THAT(std::string(status.message()), HasSubstr(message_type));
    const std::optional<ErrorDetails> details = GetErrorDetails(status);
    ASSERT_TRUE(details.has_value() && details->metadata.count("message_type") == 1);
    EXPECT_EQ(details->metadata.at("message_type"), message_type);
  }

  EchoServer server_;
  std::shared_ptr<grpc::Channel> channel_ = server_.NewChannel();
  grpc::ClientContext context_;
};

TEST_F(MalformedMessageTest, RefusesAUnaryRequest) {
  ExpectRefused(Echo(kCutShort), "clientele.echo.v1.EchoRequest");
  ExpectRefused(Echo(kNotUtf8), "clientele.echo.v1.EchoRequest");
}

TEST_F(MalformedMessageTest, CountsAndLogsTheRefusalLikeAnyCall) {
  ExpectRefused(Echo(kNotUtf8), "clientele.echo.v1.EchoRequest");
  ASSERT_FALSE(HasFailure());
  EXPECT_THAT(server_.observer.story(),
              ElementsAre("started Echo", "received Echo", "handled Echo", "logged Echo"));
  const CallSummary summary = server_.observer.logged().at(0);
  EXPECT_EQ(summary.code, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(summary.reason, "MALFORMED_MESSAGE");
  EXPECT_EQ(summary.principal, "local");
}

TEST_F(MalformedMessageTest, AsksForThePermissionFirst) {
  server_.identity.permissions = {"echo.write"};
  EXPECT_EQ(GetErrorReason(Echo(kCutShort)), "PERMISSION_DENIED");
}

TEST_F(MalformedMessageTest, TakesFieldsItDoesNotKnow) {
  server_.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  EXPECT_EQ(Echo(kUnknownField), absl::OkStatus());
}

TEST_F(MalformedMessageTest, RefusesACallWithoutItsRequest) {
  const auto stream = Open<pb::EchoResponse>("/clientele.echo.v1.EchoService/Echo");
  ExpectRefused(End(stream), "clientele.echo.v1.EchoRequest");
}

TEST_F(MalformedMessageTest, RefusesTheRequestOfAServerStream) {
  const auto stream = Open<pb::WatchResponse>("/clientele.echo.v1.EchoService/Watch");
  EXPECT_TRUE(stream->Write(ToBuffer(kNotUtf8)));
  ExpectRefused(End(stream), "clientele.echo.v1.WatchRequest");
  EXPECT_EQ(LoggedReason(), "MALFORMED_MESSAGE");
}

TEST_F(MalformedMessageTest, EndsAStreamOfRequestsAfterAnsweringThoseBefore) {
  server_.handlers.exchange = [](CallContext&) -> absl::StatusOr<std::unique_ptr<ExchangeSession>> {
    return std::make_unique<RepeatingSession>();
  };
  const auto stream = Open<pb::ExchangeResponse>("/clientele.echo.v1.EchoService/Exchange");
  EXPECT_TRUE(stream->Write(ToBuffer("\x08\x07")));
  pb::ExchangeResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.number(), 7);
  EXPECT_TRUE(stream->Write(ToBuffer(kCutShort)));
  EXPECT_FALSE(stream->Read(&response));
  ExpectRefused(End(stream), "clientele.echo.v1.ExchangeRequest");
  EXPECT_EQ(LoggedReason(), "MALFORMED_MESSAGE");
}

TEST_F(MalformedMessageTest, EndsReflectionOfBothVersions) {
  for (const std::string package : {"grpc.reflection.v1", "grpc.reflection.v1alpha"}) {
    grpc::ClientContext context;
    const std::string path = "/" + package + ".ServerReflection/ServerReflectionInfo";
    const Method method(path.c_str(), Method::BIDI_STREAMING, channel_);
    const Stream<grpc::ByteBuffer> stream(
        grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
            channel_.get(), method, &context));
    EXPECT_TRUE(stream->Write(ToBuffer(kNotUtf8)));
    grpc::ByteBuffer response;
    EXPECT_FALSE(stream->Read(&response));
    ExpectRefused(FromGrpcStatus(stream->Finish()), package + ".ServerReflectionRequest");
  }
}

}  // namespace
}  // namespace clientele::rpc
