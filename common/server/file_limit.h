#ifndef COMMON_SERVER_FILE_LIMIT_H_
#define COMMON_SERVER_FILE_LIMIT_H_

// How many files and connections this process may have open.

#include "common/observability/log.h"

namespace clientele::server {

// Raises the soft limit to the hard one. A server that has used all it may have accepts no
// connection ever again, also once there is room: gRPC 1.51 gives its listener up (listener_loss.h
// ends it then). A line of `logger` says when the limit stays as it is, and why. Thread-safe; for
// the start of a process.
void RaiseFileLimit(Logger& logger);

}  // namespace clientele::server

#endif  // COMMON_SERVER_FILE_LIMIT_H_
