#ifndef CLI_CLIENT_REFUSAL_H_
#define CLI_CLIENT_REFUSAL_H_

// Why a server refused one item of an import, in the words of the reader of the file.
// Thread safety: a pure function.

#include <string>

#include "absl/status/status.h"

namespace clientele::cli {

struct Refusal {
  std::string reason;  // "INVALID_TIME", "PURCHASE_CONFLICT"
  std::string detail;  // names no item of the request: rows with the same detail share a line
};

// The reason of the server's error. What it says of a field becomes the reason the reader rejects
// such a field with: only the server knows its clock, so a time in the future is refused there.
Refusal ExplainRefusal(const absl::Status& error);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_REFUSAL_H_
