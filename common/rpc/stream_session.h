#ifndef COMMON_RPC_STREAM_SESSION_H_
#define COMMON_RPC_STREAM_SESSION_H_

// What a service implements to serve a stream. Neither kind holds a thread between messages.

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace clientele::rpc {

// What a server stream does next.
struct StreamStep {
  enum class Kind {
    kSend,  // send the filled response, then ask again
    kWait,  // nothing to send: ask again when woken or after `wait_max`
    kEnd,   // end the stream with OK
  };
  Kind kind;
  absl::Duration wait_max = absl::InfiniteDuration();
};

// Produces the messages of one server stream. Next is called on the server's executor, one call at
// a time; the session is destroyed after the stream has ended.
template <typename Response>
class ServerStreamSession {
 public:
  virtual ~ServerStreamSession() = default;

  // Called once, before the first Next. `wake` is thread-safe, cheap, and does nothing once the
  // stream has ended; it may be kept by others.
  virtual void SetWaker(std::function<void()> wake) = 0;

  // Fills `response` (empty on entry) when it returns kSend. An error ends the stream with it.
  // `draining` is true once the server shuts down: send what resumes the stream and return kEnd.
  virtual absl::StatusOr<StreamStep> Next(Response& response, bool draining) = 0;
};

// Answers the messages of one bidirectional stream, in order, one at a time, on the executor.
template <typename Request, typename Response>
class BidiSession {
 public:
  virtual ~BidiSession() = default;

  // Answers one request; nullopt = this request has no answer. An error ends the stream with it.
  virtual absl::StatusOr<std::optional<Response>> Handle(const Request& request) = 0;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_STREAM_SESSION_H_
