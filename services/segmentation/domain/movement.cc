#include "services/segmentation/domain/movement.h"

#include <algorithm>

#include "common/status/macros.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/order_counting.h"

namespace clientele::segmentation {

absl::Status RequireComparable(const RfmModelSpec& from, const RfmModelSpec& to) {
  if (from.rule_set_id != to.rule_set_id) {
    return RfmRunsNotComparable(
        {.from_rule_set_id = from.rule_set_id, .to_rule_set_id = to.rule_set_id});
  }
  return absl::OkStatus();
}

MovementCounter::MovementCounter(size_t segment_count)
    : segment_count_(segment_count), matrix_((segment_count + 2) * (segment_count + 2)) {
  for (std::vector<SegmentTotal>& totals : totals_) {
    totals.resize(segment_count + 1);
  }
  for (size_t i = 0; i < matrix_.size(); ++i) {
    matrix_[i].from = i / (segment_count + 2);
    matrix_[i].to = i % (segment_count + 2);
  }
}

void MovementCounter::Add(const std::optional<SegmentScore>& from,
                          const std::optional<SegmentScore>& to) {
  CLIENTELE_CHECK(from.has_value() || to.has_value());
  Movement& movement = matrix_[PlaceOf(from) * (segment_count_ + 2) + PlaceOf(to)];
  ++movement.customers;
  if (from.has_value()) {
    movement.from_revenue_minor = AddClamped(movement.from_revenue_minor, from->revenue_minor);
    AddTotal(from, totals_[0]);
  }
  if (to.has_value()) {
    movement.to_revenue_minor = AddClamped(movement.to_revenue_minor, to->revenue_minor);
    AddTotal(to, totals_[1]);
  }
}

std::vector<Movement> MovementCounter::Movements() const {
  std::vector<Movement> movements;
  for (const Movement& movement : matrix_) {
    if (movement.customers > 0) {
      movements.push_back(movement);
    }
  }
  return movements;
}

SegmentPlace MovementCounter::PlaceOf(const std::optional<SegmentScore>& score) const {
  if (!score.has_value()) {
    return absent();
  }
  CLIENTELE_CHECK(!score->segment.has_value() || *score->segment < segment_count_);
  return score->segment.has_value() ? *score->segment : no_segment();
}

void MovementCounter::AddTotal(const std::optional<SegmentScore>& score,
                               std::vector<SegmentTotal>& totals) {
  SegmentTotal& total = totals[PlaceOf(score)];
  ++total.customers;
  total.orders = AddClamped(total.orders, score->orders);
  total.revenue_minor = AddClamped(total.revenue_minor, score->revenue_minor);
}

std::vector<Movement> LargestMovements(std::vector<Movement> movements, size_t limit) {
  movements.erase(std::remove_if(movements.begin(), movements.end(),
                                 [](const Movement& move) { return move.from == move.to; }),
                  movements.end());
  std::stable_sort(movements.begin(), movements.end(),
                   [](const Movement& a, const Movement& b) { return a.customers > b.customers; });
  movements.resize(std::min(movements.size(), limit));
  return movements;
}

}  // namespace clientele::segmentation
