#ifndef COMMON_CACHE_REDIS_CONNECTION_H_
#define COMMON_CACHE_REDIS_CONNECTION_H_

// One connection to a Redis server: commands out, replies in, in order.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/redis/address.h"
#include "common/cache/redis/byte_stream.h"
#include "common/cache/redis/resp.h"
#include "common/cache/redis/tls.h"

namespace clientele::redis {

// How to begin a connection, the same for every node.
struct Login {
  std::string user;           // of the ACL; empty: the default user
  std::string password_file;  // read at each connection, so that it can be changed; empty: no AUTH
  int database = 0;           // of SELECT; 0 needs none, and a cluster has no other
  std::shared_ptr<const TlsContext> tls;  // nullptr: no TLS
};

// Used by one thread at a time, but for ShutDown. After an error only destruction is left, but for
// DEADLINE_EXCEEDED of Receive, which may be called again.
class Connection {
 public:
  // Connects to the first of `addresses` that answers, which are those of the server `address`, and
  // logs in, before `deadline`. UNAVAILABLE, DEADLINE_EXCEEDED; PERMISSION_DENIED when the server
  // refuses the user, FAILED_PRECONDITION when the password cannot be read.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Address& address,
                                                          absl::Span<const SocketAddress> addresses,
                                                          const Login& login, absl::Time deadline);

  // Sends commands made by AppendCommand; their replies are to be received, one by one.
  absl::Status Send(absl::string_view commands, absl::Time deadline);
  absl::StatusOr<Reply> Receive(absl::Time deadline);

  // Sends one command and receives its reply.
  absl::StatusOr<Reply> Ask(absl::Span<const absl::string_view> arguments, absl::Time deadline);

  // Whether a connection at rest can be used again: false once the server has closed it.
  bool IsQuiet() const { return stream_->IsQuiet(); }

  // Ends what is under way with UNAVAILABLE; from any thread.
  void ShutDown() const { stream_->ShutDown(); }

 private:
  explicit Connection(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  absl::Status LogIn(const Login& login, absl::Time deadline);

  const std::unique_ptr<ByteStream> stream_;
  ReplyReader reader_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_CONNECTION_H_
