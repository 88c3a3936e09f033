#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/byte_stream.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

// Waits in one poll never longer than this, so that an endless deadline needs no case of its own.
constexpr absl::Duration kPollMax = absl::Seconds(60);

absl::Status NotConnected(int error) {
  const char* const words = strerrordesc_np(error);
  return absl::UnavailableError(
      absl::StrCat("connecting failed: ", words == nullptr ? "unknown error" : words));
}

absl::Status FinishConnecting(const Socket& socket, absl::Time deadline) {
  CLIENTELE_RETURN_IF_ERROR(socket.Await(POLLOUT, deadline));
  int error = 0;
  socklen_t length = sizeof(error);
  if (getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) {
    error = errno;
  }
  return error == 0 ? absl::OkStatus() : NotConnected(error);
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Socket::~Socket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

absl::StatusOr<Socket> Socket::Connect(absl::Span<const SocketAddress> addresses,
                                       absl::Time deadline) {
  absl::Status last = absl::UnavailableError("no address is known yet");
  for (const SocketAddress& address : addresses) {
    Socket socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           /*protocol=*/0));
    if (socket.fd() < 0) {
      return absl::UnavailableError("no socket could be made");
    }
    if (address.storage.ss_family != AF_UNIX) {
      const int on = 1;  // a pipeline is one write: nothing is gained by waiting for more
      setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    const auto* const target = reinterpret_cast<const sockaddr*>(&address.storage);
    const int code = connect(socket.fd(), target, address.length);
    // EAGAIN: a unix socket whose queue is full, which cannot be waited for.
    last = code == 0              ? absl::OkStatus()
           : errno == EINPROGRESS ? FinishConnecting(socket, deadline)
                                  : NotConnected(errno);
    if (last.ok()) {
      return socket;
    }
  }
  return last;
}

absl::Status Socket::Await(short events, absl::Time deadline) const {
  pollfd entry{fd_, events, 0};
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError("Redis did not answer in time");
    }
    const timespec wait = absl::ToTimespec(std::min(left, kPollMax));
    const int ready = ppoll(&entry, 1, &wait, nullptr);
    if (ready > 0) {
      return absl::OkStatus();
    }
    if (ready < 0 && errno != EINTR) {
      return absl::UnavailableError("waiting for the socket failed");
    }
  }
}

bool Socket::IsQuiet() const {
  pollfd entry{fd_, POLLIN, 0};
  return poll(&entry, 1, 0) == 0;
}

void Socket::ShutDown() const { shutdown(fd_, SHUT_RDWR); }

namespace {

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  absl::Status Write(absl::string_view bytes, absl::Time deadline) override {
    while (!bytes.empty()) {
      const ssize_t count = send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        bytes.remove_prefix(static_cast<size_t>(count));
      } else if (errno == EAGAIN) {
        CLIENTELE_RETURN_IF_ERROR(socket_.Await(POLLOUT, deadline));
      } else if (errno != EINTR) {
        return absl::UnavailableError("the connection broke while writing");
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer, absl::Time deadline) override {
    while (true) {
      const ssize_t count = recv(socket_.fd(), buffer.data(), buffer.size(), 0);
      if (count > 0) {
        return static_cast<size_t>(count);
      }
      if (count == 0) {
        return absl::UnavailableError("the server closed the connection");
      }
      if (errno == EAGAIN) {
        CLIENTELE_RETURN_IF_ERROR(socket_.Await(POLLIN, deadline));
      } else if (errno != EINTR) {
        return absl::UnavailableError("the connection broke while reading");
      }
    }
  }

  bool IsQuiet() const override { return socket_.IsQuiet(); }
  void ShutDown() const override { socket_.ShutDown(); }

 private:
  const Socket socket_;
};

}  // namespace

std::unique_ptr<ByteStream> MakePlainStream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace clientele::redis
