#ifndef COMMON_CACHE_REDIS_BYTE_STREAM_H_
#define COMMON_CACHE_REDIS_BYTE_STREAM_H_

// A connected byte stream, plain or TLS, with a deadline on every step.

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/redis/address.h"

namespace clientele::redis {

// Used by one thread at a time, but for ShutDown. Errors: DEADLINE_EXCEEDED, after which it can be
// read on; or UNAVAILABLE when the other side is gone.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Writes all of `bytes` before `deadline`.
  virtual absl::Status Write(absl::string_view bytes, absl::Time deadline) = 0;

  // Waits for bytes and reads at least one and at most `buffer.size()` of them; how many.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> buffer, absl::Time deadline) = 0;

  // Whether nothing has come that was not read: neither bytes nor the end of the stream. False
  // means that a connection at rest cannot be used again.
  virtual bool IsQuiet() const = 0;

  // Ends every read and write under way with UNAVAILABLE; from any thread.
  virtual void ShutDown() const = 0;
};

// A socket that does not block, closed when destroyed.
class Socket {
 public:
  // Tries `addresses` in order until one lets itself be connected to, all before `deadline`.
  static absl::StatusOr<Socket> Connect(absl::Span<const SocketAddress> addresses,
                                        absl::Time deadline);

  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  // Waits for `events` (of poll) or an error of the socket; DEADLINE_EXCEEDED when none came.
  absl::Status Await(short events, absl::Time deadline) const;
  bool IsQuiet() const;
  void ShutDown() const;
  int fd() const { return fd_; }

 private:
  explicit Socket(int fd) : fd_(fd) {}

  int fd_;
};

// Without TLS.
std::unique_ptr<ByteStream> MakePlainStream(Socket socket);

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_BYTE_STREAM_H_
