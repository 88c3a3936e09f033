#include "common/server/listener_loss.h"

#include <grpc/support/log.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/observability/log.h"
#include "common/observability/log_line.h"

namespace clientele::server {
namespace {

constexpr absl::string_view kLostText = "Failed accept4: ";

// Nothing of this process can be passed to it: gRPC takes a bare function.
void OnGrpcLog(gpr_log_func_args* args) {
  const absl::string_view message = args->message;
  if (!absl::StartsWith(message, kLostText)) {
    return;
  }
  FdLogSink(2).Write(
      FormatLogLine({.time = absl::Now(),
                     .level = LogLevel::kError,
                     .service = absl::StripPrefix(program_invocation_short_name, "clientele-"),
                     .event = "listener_lost",
                     .message = "no connection is accepted any more; the process ends"},
                    {{"cause", absl::StripPrefix(message, kLostText)}}, /*suppressed_count=*/0));
  // As after kill -9 nothing acknowledged is lost. A shutdown would let those who hold all the
  // connections say when it is over.
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

void EndProcessWhenListenerIsLost() {
  gpr_set_log_function(&OnGrpcLog);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
}

}  // namespace clientele::server
