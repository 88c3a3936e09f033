#include "cli/up/taken_port.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clientele::cli {
namespace {

// In the sentences of rpc::ExplainBindFailure and of OpsServer.
constexpr absl::string_view kTaken = "taken by another program";

}  // namespace

absl::Status WithRemedyForTakenPort(const absl::Status& status, absl::string_view remedy) {
  return absl::StrContains(status.message(), kTaken)
             ? absl::Status(status.code(), absl::StrCat(status.message(), ": ", remedy))
             : status;
}

}  // namespace clientele::cli
