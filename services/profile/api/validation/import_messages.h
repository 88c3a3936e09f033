#ifndef SERVICES_PROFILE_API_VALIDATION_IMPORT_MESSAGES_H_
#define SERVICES_PROFILE_API_VALIDATION_IMPORT_MESSAGES_H_

// Reads the messages of an import.
//
// Thread safety: pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "services/profile/api/validation/identifier_normalizer.h"
#include "services/profile/domain/purchase_item.h"

namespace clientele::profile {

// What holds for a whole import.
struct ImportConfig {
  std::string source_system;
  bool create_missing_customers = false;
};

// Reads the first message. INVALID_ARGUMENT with every violation.
absl::StatusOr<ImportConfig> ValidateImportConfig(const v1::ImportPurchasesRequest& request);

// Checks that `request` is batch `sequence_number` and of an allowed size; what is wrong with its
// items does not matter here. INVALID_ARGUMENT with every violation.
absl::Status ValidateImportBatch(const v1::ImportPurchasesRequest& request,
                                 int64_t sequence_number);

// The items of a batch, the malformed ones as the status that refuses them. `now` is the business
// time.
std::vector<PurchaseItem> ReadImportItems(const v1::ImportPurchasesBatch& batch,
                                          const ImportConfig& config,
                                          const IdentifierNormalizer& normalizer, absl::Time now);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_IMPORT_MESSAGES_H_
