#ifndef COMMON_SERVER_LISTENER_LOSS_H_
#define COMMON_SERVER_LISTENER_LOSS_H_

// A server that accepts no connection any more ends, so that whoever looks after it starts it anew.

namespace clientele::server {

// gRPC 1.51 gives its listener up for good when accepting fails, as it does when the process has as
// many files open as it may (CVE-2023-4785). It tells only its log. From now on the process ends
// at once with exit code 1 when it says so, after a line `listener_lost`; what else gRPC
// would print is dropped. Replaces the log function of gRPC: for the start of a process, before
// gRPC is used.
void EndProcessWhenListenerIsLost();

}  // namespace clientele::server

#endif  // COMMON_SERVER_LISTENER_LOSS_H_
