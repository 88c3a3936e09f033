#include "common/server/stop_signal.h"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "absl/time/clock.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

void Block(const sigset_t& set) { CLIENTELE_CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0); }

}  // namespace

void BlockStopSignals() {
  Block(StopSignals());
  std::signal(SIGPIPE, SIG_IGN);
}

void BlockReloadSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  Block(set);
}

void WaitForStopSignalAnd(const std::function<void()>& on_reload) {
  sigset_t set = StopSignals();
  sigaddset(&set, SIGHUP);
  int signal_number = SIGHUP;
  while (signal_number == SIGHUP) {
    CLIENTELE_CHECK(sigwait(&set, &signal_number) == 0);
    if (signal_number == SIGHUP) {
      on_reload();
    }
  }
}

bool WaitForStopSignal(absl::Duration timeout) {
  const sigset_t set = StopSignals();
  if (timeout == absl::InfiniteDuration()) {
    int signal_number = 0;
    CLIENTELE_CHECK(sigwait(&set, &signal_number) == 0);
    return true;
  }
  const absl::Time deadline = absl::Now() + timeout;
  // A wait that something else interrupts goes on; the deadline bounds the loop.
  while (true) {
    const timespec left = absl::ToTimespec(std::max(deadline - absl::Now(), absl::ZeroDuration()));
    if (sigtimedwait(&set, nullptr, &left) > 0) {
      return true;
    }
    if (errno == EAGAIN) {
      return false;
    }
  }
}

}  // namespace clientele::server
