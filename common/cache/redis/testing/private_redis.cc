#include "common/cache/redis/testing/private_redis.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/cache/redis/connection.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

constexpr int kNotInstalled = 127;

// Below those that the system gives to who asks for any.
constexpr int kPortMin = 20000;
constexpr int kPortCount = 10000;
constexpr int kPortsPerProcess = 32;

bool IsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool is_free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return is_free;
}

// Becomes the program; returns only when there is none.
int Become(const std::vector<char*>& arguments) {
  execvp(arguments[0], arguments.data());
  std::fprintf(stderr, "%s is not installed: run scripts/setup.sh\n", arguments[0]);
  return kNotInstalled;
}

// Starts `command`. What the child needs is made before the fork.
std::unique_ptr<server::ChildProcess> StartTool(std::vector<std::string> command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  return std::make_unique<server::ChildProcess>([&arguments] { return Become(arguments); });
}

}  // namespace

PrivateRedis::PrivateRedis(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  Start();
}

void PrivateRedis::Start() {
  std::vector<std::string> command = {"redis-server", "--port", "0",        "--unixsocket",
                                      address().path, "--save", "",         "--dir",
                                      File(""),       "--bind", "127.0.0.1"};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  process_ = StartTool(std::move(command));
  constexpr absl::string_view kReady = "ready to accept connections at";
  const std::string said = process_->out.ReadUntil(kReady);
  if (!absl::StrContains(said, kReady)) {
    std::fprintf(stderr, "%s%s\n", said.c_str(), process_->err.ReadAll().c_str());
    CLIENTELE_CHECK(false && "redis-server did not start");
  }
}

Reply PrivateRedis::Ask(absl::Span<const absl::string_view> arguments) const {
  const absl::Time deadline = absl::Now() + server::kChildStepMax;
  const auto addresses = Resolve(address(), ResolveBy::kNumberOnly);
  const auto connection = Connection::Open(address(), *addresses, Login(), deadline);
  CLIENTELE_CHECK(connection.ok());
  absl::StatusOr<Reply> reply = (*connection)->Ask(arguments, deadline);
  CLIENTELE_CHECK(reply.ok() && !reply->IsError());
  return *std::move(reply);
}

std::string RunTool(const std::vector<std::string>& command) {
  const std::unique_ptr<server::ChildProcess> tool = StartTool(command);
  std::string said = tool->out.ReadAll();
  if (tool->ExitCode() != 0) {
    std::fprintf(stderr, "%s%s\n", said.c_str(), tool->err.ReadAll().c_str());
    CLIENTELE_CHECK(false && "a tool of the test failed");
  }
  return said;
}

int FreePort() {
  // Not twice the same in a process, mostly others in another, and none that the system gives away.
  static std::atomic<int> next = getpid() * kPortsPerProcess;
  for (int tried = 0; tried < kPortCount; ++tried) {
    const int port = kPortMin + next++ % kPortCount;
    if (IsFree(port)) {
      return port;
    }
  }
  CLIENTELE_CHECK(false && "no port is free");
  return 0;
}

}  // namespace clientele::redis
