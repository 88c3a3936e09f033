#ifndef CLI_CLIENT_COMPLAINT_IMPORT_H_
#define CLI_CLIENT_COMPLAINT_IMPORT_H_

// Files the complaints of a file.

#include <cstdint>

#include "absl/status/status.h"
#include "cli/client/record_import.h"
#include "cli/client/rejections.h"
#include "cli/import/complaint_file.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"

namespace clientele::cli {

struct ComplaintImportResult {
  int64_t filed_count = 0;
  int64_t already_filed_count = 0;
  Rejections rejections;  // the reader's and the server's
};

// Imports what is left of `file`; a complaint that is there is left as it is. `result` also holds
// what was done when it fails; running it again then is safe. Blocks.
absl::Status ImportComplaints(clientele::complaints::v1::ComplaintService::StubInterface& stub,
                              ComplaintFile& file, const RecordImportOptions& options,
                              ComplaintImportResult& result);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_COMPLAINT_IMPORT_H_
