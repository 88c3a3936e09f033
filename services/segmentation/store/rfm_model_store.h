#ifndef SERVICES_SEGMENTATION_STORE_RFM_MODEL_STORE_H_
#define SERVICES_SEGMENTATION_STORE_RFM_MODEL_STORE_H_

// Published RFM models. Pure functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace clientele::segmentation {

// One version of a model; it never changes.
struct RfmModelRecord {
  std::string model_id;
  int64_t version = 0;
  std::string spec_bytes;  // as published; the store does not look into it
  absl::Time create_time;
};

// `version` of the model, 0 = the latest; nullopt when there is none.
absl::StatusOr<std::optional<RfmModelRecord>> FindModel(sql::Tx& tx, absl::string_view model_id,
                                                        int64_t version);

// ABORTED TRANSACTION_CONFLICT when another caller has published this version meanwhile, so that
// RunInTransaction decides again.
absl::Status InsertModel(sql::Tx& tx, const RfmModelRecord& model);

// The latest version of at most `limit` models after `after_model_id`, by id.
absl::StatusOr<std::vector<RfmModelRecord>> ListLatestModels(sql::Tx& tx,
                                                             absl::string_view after_model_id,
                                                             int64_t limit);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_RFM_MODEL_STORE_H_
