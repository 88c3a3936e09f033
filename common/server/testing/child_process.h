#ifndef COMMON_SERVER_TESTING_CHILD_PROCESS_H_
#define COMMON_SERVER_TESTING_CHILD_PROCESS_H_

// A part of a test that runs in a process of its own: what it prints can be awaited, it can be sent
// a signal, and it does not outlive the test. Not thread-safe; make children before any thread.

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/status/macros.h"

namespace clientele::server {

// How long a child may take for one step; only a broken one takes that long.
inline constexpr absl::Duration kChildStepMax = absl::Seconds(60);

// Waits until `fd` has something to say (or its other end is closed); false when it is late.
inline bool AwaitReadable(int fd, absl::Time deadline) {
  pollfd entry{fd, POLLIN, 0};
  int ready = 0;
  do {
    const absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
    ready = poll(&entry, 1, static_cast<int>(absl::ToInt64Milliseconds(left)));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

// What a child writes to one of its standard streams.
class ChildOutput {
 public:
  ChildOutput() { CLIENTELE_CHECK(pipe2(ends_.data(), O_CLOEXEC) == 0); }
  ~ChildOutput() { close(ends_[0]); }
  ChildOutput(const ChildOutput&) = delete;
  ChildOutput& operator=(const ChildOutput&) = delete;

  // In the child: it speaks on `fd` from now on.
  void Become(int fd) const { CLIENTELE_CHECK(dup2(ends_[1], fd) == fd); }
  // In the parent, once the child has its end.
  void CloseWriteEnd() const { close(ends_[1]); }

  // Everything so far, as soon as `wanted` is in it, the child has closed its end, or it is late.
  std::string ReadUntil(absl::string_view wanted) {
    const absl::Time deadline = absl::Now() + kChildStepMax;
    while (!absl::StrContains(text_, wanted) && ReadSome(deadline)) {
    }
    return text_;
  }

  // Everything until the child closes its end, or is late.
  std::string ReadAll() {
    const absl::Time deadline = absl::Now() + kChildStepMax;
    while (ReadSome(deadline)) {
    }
    return text_;
  }

 private:
  bool ReadSome(absl::Time deadline) {
    std::array<char, 4096> buffer{};
    if (!AwaitReadable(ends_[0], deadline)) {
      return false;
    }
    const ssize_t count = read(ends_[0], buffer.data(), buffer.size());
    text_.append(buffer.data(), count > 0 ? static_cast<size_t>(count) : 0);
    return count > 0;
  }

  std::array<int, 2> ends_{};
  std::string text_;
};

// Runs `body` in a child that exits with what it returns.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<int()>& body) {
    std::fflush(nullptr);
    pid_ = fork();
    CLIENTELE_CHECK(pid_ >= 0);
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      out.Become(STDOUT_FILENO);
      err.Become(STDERR_FILENO);
      const int code = body();
      std::fflush(nullptr);
      _exit(code);
    }
    out.CloseWriteEnd();
    err.CloseWriteEnd();
  }
  ~ChildProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Send(int signal_number) const { kill(pid_, signal_number); }

  // The exit code once it has ended by itself; -1 when it is late or has died of a signal.
  int ExitCode() const {
    const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    CLIENTELE_CHECK(fd >= 0);
    const bool ended = AwaitReadable(fd, absl::Now() + kChildStepMax);
    close(fd);
    siginfo_t info{};
    // WNOWAIT leaves it to the destructor, so that the pid stays ours.
    const bool known = ended && waitid(P_PID, pid_, &info, WEXITED | WNOWAIT) == 0;
    return known && info.si_code == CLD_EXITED ? info.si_status : -1;
  }

  ChildOutput out;
  ChildOutput err;

 private:
  pid_t pid_;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_TESTING_CHILD_PROCESS_H_
