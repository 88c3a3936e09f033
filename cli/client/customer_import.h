#ifndef CLI_CLIENT_CUSTOMER_IMPORT_H_
#define CLI_CLIENT_CUSTOMER_IMPORT_H_

// Sends a customer file to a server: makes the customers that are not there and completes those
// that are.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/client/record_import.h"
#include "cli/client/rejections.h"
#include "cli/import/customer_file.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"

namespace clientele::cli {

struct CustomerImportResult {
  int64_t created_count = 0;
  int64_t updated_count = 0;
  int64_t unchanged_count = 0;
  Rejections rejections;  // the reader's and the server's
};

// Imports what is left of `file`. A customer that is there gets what CompleteCustomer says.
// `result` also holds what was done when it fails; running it again then is safe. Blocks.
absl::Status ImportCustomers(clientele::profile::v1::CustomerService::StubInterface& stub,
                             CustomerFile& file, const RecordImportOptions& options,
                             CustomerImportResult& result);

// The change that gives `customer` what `row` knows and it lacks: attributes without a value, an
// e-mail address or a phone number when it has none, the spelling of its id in `source`. What it
// has is not replaced. nullopt when it lacks nothing.
std::optional<clientele::profile::v1::UpdateCustomerRequest> CompleteCustomer(
    const CustomerRow& row, absl::string_view source,
    const clientele::profile::v1::Customer& customer);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_CUSTOMER_IMPORT_H_
