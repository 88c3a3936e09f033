#include "common/observability/ops_server.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// A scraper and a kubelet need two at once; one more may hang in a check.
constexpr char kThreads[] = "4";
// Connections that wait for a thread, in the kernel and in the server.
constexpr char kWaitingConnections[] = "16";
// Request line and headers.
constexpr char kRequestBytesMax[] = "8192";

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Service Unavailable";
  }
}

// civetweb asks before it looks at a request itself; answering everything here keeps its own
// features (files, authentication, WebSocket) out of reach.
int HandleRequest(mg_connection* connection) noexcept {
  const mg_request_info* request = mg_get_request_info(connection);
  auto* pages = static_cast<OpsPages*>(request->user_data);
  const absl::string_view method = request->request_method;
  const char* uri = request->local_uri_raw;
  const OpsAnswer answer = pages->Answer(method, uri == nullptr ? "" : uri);
  const std::string head = absl::StrFormat(
      "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s"
      "Cache-Control: no-store\r\nConnection: close\r\n\r\n",
      answer.status, ReasonPhrase(answer.status), answer.content_type, answer.body.size(),
      answer.status == 405 ? "Allow: GET, HEAD\r\n" : "");
  // A body that was announced is not read: the connection ends here.
  mg_disable_connection_keep_alive(connection);
  mg_write(connection, head.data(), head.size());
  if (method != "HEAD") {
    mg_write(connection, answer.body.data(), answer.body.size());
  }
  return answer.status;
}

// Keeps civetweb from writing to standard error; start-up errors come by mg_error_data.
int SwallowMessage(const mg_connection*, const char*) noexcept { return 1; }

absl::StatusOr<std::string> NumericAddress(const std::string& host) {
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  in_addr address{};
  if (inet_pton(AF_INET, numeric.c_str(), &address) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ops port cannot listen on '", host,
                     "'; ops.host takes an IPv4 address, such as 127.0.0.1, or 0.0.0.0 for every "
                     "one, or localhost"));
  }
  return numeric;
}

// Makes the listening thread look up: civetweb polls for 2 s before it sees that it shall stop.
void Poke(const std::string& address, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return;
  }
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  // Whether it is accepted does not matter.
  (void)connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer));
  close(fd);
}

}  // namespace

absl::Status CheckOpsServerOptions(const OpsServerOptions& options) {
  if (options.port < 0 || options.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ops port must be between 0 and 65535, not ", options.port));
  }
  if (options.request_timeout < absl::Milliseconds(50) ||
      options.request_timeout > absl::Minutes(1)) {
    return absl::InvalidArgumentError("the request timeout of the ops port must be 50 ms to 60 s");
  }
  return NumericAddress(options.host).status();
}

absl::StatusOr<std::unique_ptr<OpsServer>> OpsServer::Start(const OpsServerOptions& options,
                                                            OpsPages& pages) {
  CLIENTELE_RETURN_IF_ERROR(CheckOpsServerOptions(options));
  CLIENTELE_ASSIGN_OR_RETURN(const std::string address, NumericAddress(options.host));
  const std::string listen = absl::StrCat(address, ":", options.port);
  const std::string timeout_ms = absl::StrCat(absl::ToInt64Milliseconds(options.request_timeout));
  std::array<const char*, 15> settings = {"listening_ports",
                                          listen.c_str(),
                                          "num_threads",
                                          kThreads,
                                          "connection_queue",
                                          kWaitingConnections,
                                          "listen_backlog",
                                          kWaitingConnections,
                                          "request_timeout_ms",
                                          timeout_ms.c_str(),
                                          "max_request_size",
                                          kRequestBytesMax,
                                          "enable_keep_alive",
                                          "no",
                                          nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = HandleRequest;
  callbacks.log_message = SwallowMessage;
  callbacks.log_access = SwallowMessage;
  mg_init_data init{&callbacks, &pages, settings.data()};
  std::array<char, 256> error_text{};
  mg_error_data error{nullptr, error_text.data(), error_text.size()};

  std::unique_ptr<OpsServer> server(new OpsServer);
  mg_init_library(MG_FEATURES_DEFAULT);
  server->context_ = mg_start2(&init, &error);
  if (server->context_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("the ops port cannot listen on ", listen,
                                               "; is it taken by another program? (",
                                               error_text.data(), ")"));
  }
  mg_server_port bound{};
  CLIENTELE_CHECK(mg_get_server_ports(server->context_, 1, &bound) == 1);
  server->address_ = address;
  server->port_ = bound.port;
  return server;
}

OpsServer::~OpsServer() {
  if (context_ != nullptr) {
    const std::future<void> stopped = std::async(std::launch::async, [this] { mg_stop(context_); });
    do {
      Poke(address_, port_);
    } while (stopped.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready);
  }
  mg_exit_library();
}

}  // namespace clientele
