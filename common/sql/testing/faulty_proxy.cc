#include "common/sql/testing/faulty_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/match.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr int kStopPollMs = 10;
constexpr size_t kBufferBytes = 1 << 16;

// What can be read within a poll; false at the end of the stream.
bool Receive(int from, std::string& bytes) {
  bytes.resize(kBufferBytes);
  const ssize_t count = recv(from, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return count > 0;
}

bool Send(int to, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool IsReadable(int socket) {
  pollfd wanted = {.fd = socket, .events = POLLIN, .revents = 0};
  return poll(&wanted, 1, kStopPollMs) > 0;
}

}  // namespace

FaultyProxy::FaultyProxy(const std::string& server_socket) : server_socket_(server_socket) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CLIENTELE_CHECK(bind(listener_, generic, size) == 0 && listen(listener_, 16) == 0);
  CLIENTELE_CHECK(getsockname(listener_, generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

FaultyProxy::~FaultyProxy() {
  is_stopping_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) {
    connection.join();
  }
  close(listener_);
}

void FaultyProxy::CutAt(const std::string& word, Cut cut) {
  std::lock_guard<std::mutex> lock(mutex_);
  cut_word_ = word;
  cut_ = cut;
}

void FaultyProxy::Accept() {
  while (!is_stopping_) {
    if (IsReadable(listener_)) {
      connections_.emplace_back([this, client = accept(listener_, nullptr, nullptr)] {
        Serve(client);
        close(client);
      });
    }
  }
}

void FaultyProxy::Serve(int client) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, server_socket_.c_str(), sizeof(address.sun_path) - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool is_open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  while (is_open && !is_stopping_) {
    pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(ends, 2, kStopPollMs) <= 0 || is_silent_) {
      std::this_thread::yield();
      continue;
    }
    is_open = (ends[0].revents == 0 || PassToServer(client, server)) &&
              (ends[1].revents == 0 || PassToClient(server, client));
  }
  close(server);
}

bool FaultyProxy::PassToServer(int client, int server) {
  std::string said;
  if (!Receive(client, said)) {
    return false;
  }
  Cut cut = Cut::kBeforeTheServerHears;
  if (!TakesCut(said, cut)) {
    return Send(server, said);
  }
  if (cut == Cut::kAfterTheServerAnswered && Send(server, said)) {
    std::string answer;
    Receive(server, answer);
  }
  return false;
}

bool FaultyProxy::PassToClient(int server, int client) {
  std::string answer;
  return Receive(server, answer) && Send(client, answer);
}

bool FaultyProxy::TakesCut(absl::string_view said, Cut& cut) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (cut_word_.empty() || !absl::StrContains(said, cut_word_)) {
    return false;
  }
  cut = cut_;
  cut_word_.clear();
  return true;
}

}  // namespace clientele::sql
