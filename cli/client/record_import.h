#ifndef CLI_CLIENT_RECORD_IMPORT_H_
#define CLI_CLIENT_RECORD_IMPORT_H_

// What the imports share that send a file row by row, one call after the other.

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "cli/client/refusal.h"
#include "cli/client/rejections.h"
#include "grpcpp/client_context.h"

namespace clientele::cli {

struct RecordImportOptions {
  // Makes the context of one call, with its deadline; required.
  std::function<std::unique_ptr<grpc::ClientContext>()> new_call;
  // Called now and then with the rows done; may be empty.
  std::function<void(int64_t done_count)> on_progress;
};

// When the server's `error`, which `refusal` explains, is about the row alone, adds the row to
// `rejections` and answers OK: the import goes on. Else answers `error`.
absl::Status RejectRow(const absl::Status& error, const Refusal& refusal, int64_t line_number,
                       Rejections& rejections);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_RECORD_IMPORT_H_
