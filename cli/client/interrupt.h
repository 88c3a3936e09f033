#ifndef CLI_CLIENT_INTERRUPT_H_
#define CLI_CLIENT_INTERRUPT_H_

// Ctrl-C as something to wait for instead of something to die from.

#include <csignal>

#include "absl/time/time.h"

namespace clientele::cli {

// While it lives, SIGINT waits to be taken by Wait. Make it before the first channel, so that the
// threads of gRPC inherit the mask. Use it from the thread that made it.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  // Waits `duration`, or shorter when the user interrupts; then true. One interrupt is one true.
  bool Wait(absl::Duration duration);

 private:
  sigset_t before_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_INTERRUPT_H_
