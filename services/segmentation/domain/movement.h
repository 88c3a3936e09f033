#ifndef SERVICES_SEGMENTATION_DOMAIN_MOVEMENT_H_
#define SERVICES_SEGMENTATION_DOMAIN_MOVEMENT_H_

// How customers moved between the segments of two runs.
//
// MovementCounter is a value without locks: it belongs to one thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/domain/rule_set.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {

// FAILED_PRECONDITION RFM_RUNS_NOT_COMPARABLE unless both name segments by the same rule set.
absl::Status RequireComparable(const RfmModelSpec& from, const RfmModelSpec& to);

// What one run says of a customer.
struct SegmentScore {
  std::optional<SegmentIndex> segment;  // unset = out of the window in a rule set without a segment
                                        // for that
  int64_t orders = 0;
  int64_t revenue_minor = 0;
};

// Where a customer is in a run: position in RuleSet::segments, or one of the two after the last.
using SegmentPlace = size_t;

// The customers who went from one place to another.
struct Movement {
  SegmentPlace from = 0;
  SegmentPlace to = 0;
  int64_t customers = 0;
  int64_t from_revenue_minor = 0;
  int64_t to_revenue_minor = 0;
};

// Counts in memory that depends on the number of segments only. Sums stop at the int64 limits.
class MovementCounter {
 public:
  explicit MovementCounter(size_t segment_count);

  // One customer of at least one of the two runs; unset = not in that run.
  void Add(const std::optional<SegmentScore>& from, const std::optional<SegmentScore>& to);

  // Without a segment; not in the run at all.
  SegmentPlace no_segment() const { return segment_count_; }
  SegmentPlace absent() const { return segment_count_ + 1; }

  // Movements with customers, by from, then by to.
  std::vector<Movement> Movements() const;

  // Totals by SegmentPlace up to no_segment().
  const std::vector<SegmentTotal>& from_totals() const { return totals_[0]; }
  const std::vector<SegmentTotal>& to_totals() const { return totals_[1]; }

 private:
  SegmentPlace PlaceOf(const std::optional<SegmentScore>& score) const;
  void AddTotal(const std::optional<SegmentScore>& score, std::vector<SegmentTotal>& totals);

  const size_t segment_count_;
  std::vector<Movement> matrix_;  // [from * (segment_count_ + 2) + to]
  std::array<std::vector<SegmentTotal>, 2> totals_;
};

// Those that changed their place, with the most customers first (of as many: by from, then by to),
// at most `limit`.
std::vector<Movement> LargestMovements(std::vector<Movement> movements, size_t limit);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_MOVEMENT_H_
