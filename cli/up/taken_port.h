#ifndef CLI_UP_TAKEN_PORT_H_
#define CLI_UP_TAKEN_PORT_H_

// What to do when the suite does not start since somebody else listens where it would.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::cli {

// `status` of EmbeddedSuite::Start, with `remedy` ("--ports takes others") behind its sentence
// where a port was taken. Pure.
absl::Status WithRemedyForTakenPort(const absl::Status& status, absl::string_view remedy);

}  // namespace clientele::cli

#endif  // CLI_UP_TAKEN_PORT_H_
