#ifndef SERVICES_SEGMENTATION_STORE_RFM_SCORE_STORE_H_
#define SERVICES_SEGMENTATION_STORE_RFM_SCORE_STORE_H_

// What each run found for each customer. Callers look at the run's state first: rows of a run that
// has not succeeded exist but mean nothing. Pure functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/rfm_run.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {

// A score on its way into the store or back.
struct ScoreEntry {
  absl::string_view customer_id;
  RfmRow row;
  uint8_t r = 0;  // these three are 0 when every order lies before the window
  uint8_t f = 0;
  uint8_t m = 0;
  std::optional<SegmentIndex> segment;  // unset only then, and only in some rule sets

  bool out_of_window() const { return r == 0; }
};

// A ScoreEntry that owns its id.
struct ScoreRecord {
  std::string customer_id;
  ScoreEntry entry;  // its customer_id is not set
};

// Writes scores chunk by chunk. Keeps its buffers, so that a million rows cost no allocation each;
// ascending customers are the fastest. Belongs to one thread.
class ScoreWriter {
 public:
  explicit ScoreWriter(RunNo run_no) : run_no_(run_no) {}

  absl::Status Write(sql::Tx& tx, absl::Span<const ScoreEntry> scores);

 private:
  const RunNo run_no_;
  std::vector<std::vector<sql::Param>> batch_;
};

// Deletes at most `limit` scores of a run; answers how many.
absl::StatusOr<int64_t> DeleteScores(sql::Tx& tx, RunNo run_no, int64_t limit);

// nullopt when the run has no score of the customer.
absl::StatusOr<std::optional<ScoreRecord>> FindScore(sql::Tx& tx, RunNo run_no,
                                                     absl::string_view customer_id);

// What to list.
struct ScorePageQuery {
  std::string after_customer_id;
  std::optional<SegmentIndex> segment;  // unset = all
  int64_t limit = 0;
};

// By customer_id.
absl::StatusOr<std::vector<ScoreRecord>> ListScores(sql::Tx& tx, RunNo run_no,
                                                    const ScorePageQuery& query);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_RFM_SCORE_STORE_H_
