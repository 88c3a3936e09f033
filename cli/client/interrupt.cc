#include "cli/client/interrupt.h"

#include <algorithm>

namespace clientele::cli {
namespace {

sigset_t OnlyInterrupt() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

InterruptScope::InterruptScope() {
  const sigset_t set = OnlyInterrupt();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

InterruptScope::~InterruptScope() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool InterruptScope::Wait(absl::Duration duration) {
  const sigset_t set = OnlyInterrupt();
  const timespec wait = absl::ToTimespec(std::max(duration, absl::ZeroDuration()));
  return sigtimedwait(&set, nullptr, &wait) == SIGINT;
}

}  // namespace clientele::cli
