#ifndef COMMON_OBSERVABILITY_OPS_SERVER_H_
#define COMMON_OBSERVABILITY_OPS_SERVER_H_

// Serves OpsPages over HTTP, with a limit on everything a client can spend: threads, waiting
// connections, the size of a request, and the time one may take from its first byte to its last.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/observability/ops_pages.h"

struct mg_context;

namespace clientele {

struct OpsServerOptions {
  // An IPv4 address or "localhost". The port asks nobody who they are: what it shows is for
  // operators, and holds no customer's data.
  std::string host = "127.0.0.1";
  int port = 0;  // 0 picks a free one
  // A request that is not complete by then is dropped; 50 ms to 60 s.
  absl::Duration request_timeout = absl::Seconds(5);
};

// Whether a server could be started with them, as far as they alone say. INVALID_ARGUMENT with a
// sentence: a number is out of range, or the host is no such address. Pure.
absl::Status CheckOpsServerOptions(const OpsServerOptions& options);

// Serves until destroyed. Thread safety: port() from any thread.
class OpsServer {
 public:
  // Listens and answers from `pages`, which must outlive the server. Errors as of
  // CheckOpsServerOptions, and UNAVAILABLE with a sentence when the port cannot be had.
  static absl::StatusOr<std::unique_ptr<OpsServer>> Start(const OpsServerOptions& options,
                                                          OpsPages& pages);

  // Stops listening and waits for the requests that run.
  ~OpsServer();
  OpsServer(const OpsServer&) = delete;
  OpsServer& operator=(const OpsServer&) = delete;

  // The port listened on.
  int port() const { return port_; }

 private:
  OpsServer() = default;

  mg_context* context_ = nullptr;
  std::string address_;
  int port_ = 0;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_OPS_SERVER_H_
