#include "common/observability/ops_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/observability/process_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A raw connection to the server, so that broken requests can be sent.
class Connection {
 public:
  explicit Connection(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }
  bool Send(absl::string_view bytes) {
    return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // Everything until the server closes.
  std::string ReadAll() {
    std::string text;
    char buffer[4096];
    for (ssize_t n = recv(fd_, buffer, sizeof(buffer), 0); n > 0;
         n = recv(fd_, buffer, sizeof(buffer), 0)) {
      text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }
  // Whether the server has said or closed something within `wait_ms`.
  bool Heard(int wait_ms) {
    pollfd entry{fd_, POLLIN, 0};
    return poll(&entry, 1, wait_ms) > 0;
  }

 private:
  const int fd_;
  bool connected_;
};

class OpsServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    pages_.AddMetrics(&process_);
    auto server = OpsServer::Start(options_, pages_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string Exchange(absl::string_view request) {
    Connection connection(server_->port());
    EXPECT_TRUE(connection.connected());
    EXPECT_TRUE(connection.Send(request));
    return connection.ReadAll();
  }
  std::string Get(absl::string_view path) {
    return Exchange(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  OpsServerOptions options_;
  ProcessMetrics process_;
  OpsPages pages_{"1.2.3", {"profile"}};
  std::unique_ptr<OpsServer> server_;
};

class ImpatientOpsServerTest : public OpsServerTest {
 protected:
  ImpatientOpsServerTest() { options_.request_timeout = absl::Seconds(1); }
};

TEST_F(OpsServerTest, ServesAPageOverHttp) {
  const std::string answer = Get("/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("\nprocess_resident_memory_bytes "));
}

TEST_F(OpsServerTest, AnswersTheStatusOfThePage) {
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(Get("/nothing"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(Get("/livez?verbose=1"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(OpsServerTest, LeavesTheBodyOutOfAHead) {
  const std::string answer = Exchange("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(OpsServerTest, RefusesAMethodWithoutReadingItsBody) {
  const std::string answer = Exchange(
      "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\nabc");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(OpsServerTest, ServesNoFiles) {
  EXPECT_THAT(Get("/../../../../etc/hostname"), Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Get("/CMakeCache.txt"), StartsWith("HTTP/1.1 404"));
}

TEST_F(OpsServerTest, RefusesARequestThatIsTooLong) {
  const std::string answer =
      Exchange(absl::StrCat("GET /livez HTTP/1.1\r\nX: ", std::string(20000, 'x'), "\r\n\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr(" 200 ")));
}

TEST_F(OpsServerTest, SurvivesRequestsThatAreNotHttp) {
  EXPECT_THAT(Exchange("\x16\x03\x01\x02\r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Exchange(" \r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Get("/livez"), HasSubstr(" 200 "));
}

TEST_F(ImpatientOpsServerTest, DropsClientsThatNeverFinishTheirRequest) {
  std::vector<std::unique_ptr<Connection>> silent;
  for (int i = 0; i < 8; ++i) {
    silent.push_back(std::make_unique<Connection>(server_->port()));
    ASSERT_TRUE(silent.back()->Send("GET /livez HTT"));
  }
  EXPECT_THAT(Get("/livez"), HasSubstr(" 200 "));
  for (const auto& connection : silent) {
    EXPECT_THAT(connection->ReadAll(), Not(HasSubstr(" 200 ")));
  }
}

TEST_F(ImpatientOpsServerTest, DropsAClientThatSendsAByteNowAndThen) {
  Connection dripping(server_->port());
  ASSERT_TRUE(dripping.Send("GET /livez HTTP/1.1\r\nX: "));
  int bytes_sent = 0;
  constexpr int kBytesMax = 200;  // 20 ms apart: far beyond the timeout
  while (bytes_sent < kBytesMax && !dripping.Heard(20)) {
    dripping.Send("x");
    ++bytes_sent;
  }
  EXPECT_LT(bytes_sent, kBytesMax);
  EXPECT_GT(bytes_sent, 0);
}

TEST_F(OpsServerTest, StaysAliveWhileAReadinessCheckHangs) {
  std::promise<void> release;
  std::promise<void> entered;
  const std::shared_future<void> released = release.get_future().share();
  pages_.AddReadinessCheck("sql", [&entered, released] {
    entered.set_value();
    released.wait();
    return absl::OkStatus();
  });
  Connection hanging(server_->port());
  ASSERT_TRUE(hanging.Send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  entered.get_future().wait();
  EXPECT_THAT(Get("/livez"), HasSubstr(" 200 "));
  release.set_value();
  EXPECT_THAT(hanging.ReadAll(), HasSubstr("[+]sql ok"));
}

TEST_F(OpsServerTest, SaysThatAPortIsTaken) {
  OpsServerOptions options;
  options.port = server_->port();
  const auto second = OpsServer::Start(options, pages_);
  ASSERT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(second.status().message(),
              HasSubstr(absl::StrCat("cannot listen on 127.0.0.1:", server_->port())));
  EXPECT_THAT(Get("/livez"), HasSubstr(" 200 "));
}

TEST_F(OpsServerTest, RefusesAHostThatIsNoIpv4Address) {
  for (const char* host : {"::", "example.org", "", "127.0.0.1,8.8.8.8"}) {
    OpsServerOptions options;
    options.host = host;
    const auto server = OpsServer::Start(options, pages_);
    ASSERT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument) << host;
    EXPECT_THAT(server.status().message(), HasSubstr("takes an IPv4 address"));
  }
}

TEST_F(OpsServerTest, ListensOnEveryAddressAndEndsAtOnce) {
  OpsServerOptions options;
  options.host = "0.0.0.0";
  auto server = OpsServer::Start(options, pages_);
  ASSERT_TRUE(server.ok()) << server.status();
  Connection connection((*server)->port());
  ASSERT_TRUE(connection.Send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  EXPECT_THAT(connection.ReadAll(), HasSubstr(" 200 "));
  server->reset();
}

TEST_F(OpsServerTest, RefusesOptionsOutOfRange) {
  OpsServerOptions options;
  options.port = 70000;
  EXPECT_EQ(OpsServer::Start(options, pages_).status().code(), absl::StatusCode::kInvalidArgument);
  options = {};
  options.request_timeout = absl::ZeroDuration();
  EXPECT_EQ(OpsServer::Start(options, pages_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(OpsServerTest, ListensOnAnotherLoopbackName) {
  OpsServerOptions options;
  options.host = "localhost";
  const auto server = OpsServer::Start(options, pages_);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_NE((*server)->port(), 0);
  EXPECT_NE((*server)->port(), server_->port());
}

}  // namespace
}  // namespace clientele
