#ifndef COMMON_SERVER_STOP_SIGNAL_H_
#define COMMON_SERVER_STOP_SIGNAL_H_

// SIGTERM and SIGINT, and SIGHUP in servers, taken by one thread that waits for them instead of by
// a handler.

#include <functional>

#include "absl/time/time.h"

namespace clientele::server {

// Blocks SIGTERM and SIGINT in the calling thread and in those it starts from now on, and ignores
// SIGPIPE. Call it in main before anything starts a thread.
void BlockStopSignals();

// Waits until one of them has come, at most `timeout`; answers whether one has. After
// BlockStopSignals.
bool WaitForStopSignal(absl::Duration timeout = absl::InfiniteDuration());

// Blocks SIGHUP likewise, which asks a server to read its configuration again.
void BlockReloadSignal();

// Waits until a stop signal has come, and calls `on_reload` each time SIGHUP does. After both.
void WaitForStopSignalAnd(const std::function<void()>& on_reload);

}  // namespace clientele::server

#endif  // COMMON_SERVER_STOP_SIGNAL_H_
