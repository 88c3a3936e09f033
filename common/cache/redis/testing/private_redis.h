#ifndef COMMON_CACHE_REDIS_TESTING_PRIVATE_REDIS_H_
#define COMMON_CACHE_REDIS_TESTING_PRIVATE_REDIS_H_

// A redis-server of a test's own, in a temporary folder, that can be killed and paused.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/cache/redis/address.h"
#include "common/cache/redis/resp.h"
#include "common/server/testing/child_process.h"
#include "common/testing/temp_folder.h"

namespace clientele::redis {

// Redis runs from construction to destruction, listening on a unix socket; the test fails with a
// sentence when there is no redis-server. It dies with the thread that started it. Not thread-safe.
class PrivateRedis {
 public:
  // `arguments` go to redis-server after our own ("--port", "7000").
  explicit PrivateRedis(std::vector<std::string> arguments = {});

  // Of the unix socket.
  Address address() const { return {.path = folder_.File("redis.sock")}; }
  // A file in its folder.
  std::string File(absl::string_view name) const { return folder_.File(name); }

  // kill -9; what it held is gone.
  void Kill() { process_.reset(); }
  // Begins again after Kill and returns when it answers.
  void Start();
  // Stops and goes on (SIGSTOP, SIGCONT): connections stay open, nothing is answered.
  void Pause() const { process_->Send(SIGSTOP); }
  void Resume() const { process_->Send(SIGCONT); }

  // Asks one command over a connection of its own; an error reply or none is a failed check.
  Reply Ask(absl::Span<const absl::string_view> arguments) const;

 private:
  TempFolder folder_;
  const std::vector<std::string> arguments_;
  std::unique_ptr<server::ChildProcess> process_;
};

// Runs a program found by PATH and returns what it printed; a failed check when it ends with
// another code than 0 or is not installed.
std::string RunTool(const std::vector<std::string>& command);

// A TCP port of 127.0.0.1 that nobody listens on now.
int FreePort();

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_TESTING_PRIVATE_REDIS_H_
