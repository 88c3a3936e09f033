#include "cli/import/refund_matcher.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

// Unrefunded quantities by place, with the last place that has enough found in O(log n): a tree of
// maxima. A plain backward scan would be quadratic on a file that repeats one sale.
class RemainingQuantities {
 public:
  // `size` places, all 0. Keeps its memory from one use to the next.
  void Reset(size_t size) {
    leaves_ = 1;
    while (leaves_ < size) leaves_ *= 2;
    maxima_.assign(2 * leaves_, 0);
  }

  int64_t Get(size_t place) const { return maxima_[leaves_ + place]; }

  void Set(size_t place, int64_t quantity) {
    size_t node = leaves_ + place;
    maxima_[node] = quantity;
    for (node /= 2; node > 0; node /= 2) {
      maxima_[node] = std::max(maxima_[2 * node], maxima_[2 * node + 1]);
    }
  }

  std::optional<size_t> FindLast(int64_t quantity) const {
    if (maxima_[1] < quantity) return std::nullopt;
    size_t node = 1;
    while (node < leaves_) node = maxima_[2 * node + 1] >= quantity ? 2 * node + 1 : 2 * node;
    return node - leaves_;
  }

 private:
  size_t leaves_ = 1;
  std::vector<int64_t> maxima_;  // node i has the children 2i and 2i+1
};

// The events of every key that has a cancellation, in file order.
std::vector<std::vector<int32_t>> GroupByKey(absl::Span<const RefundEvent> events) {
  absl::flat_hash_map<RefundKey, size_t> group_by_key;
  for (const RefundEvent& event : events) {
    if (event.quantity < 0) group_by_key.try_emplace(event.key, group_by_key.size());
  }
  std::vector<std::vector<int32_t>> groups(group_by_key.size());
  for (size_t i = 0; i < events.size(); ++i) {
    const auto group = group_by_key.find(events[i].key);
    if (group != group_by_key.end()) groups[group->second].push_back(static_cast<int32_t>(i));
  }
  return groups;
}

}  // namespace

std::vector<int32_t> MatchRefunds(absl::Span<const RefundEvent> events) {
  std::vector<int32_t> sale_of(events.size(), kNoSale);
  RemainingQuantities remaining;
  for (const std::vector<int32_t>& group : GroupByKey(events)) {
    remaining.Reset(group.size());
    for (size_t place = 0; place < group.size(); ++place) {
      const int64_t quantity = events[group[place]].quantity;
      CLIENTELE_CHECK(quantity != 0);
      if (quantity > 0) {
        remaining.Set(place, quantity);
        continue;
      }
      const std::optional<size_t> sale_place = remaining.FindLast(-quantity);
      if (!sale_place.has_value()) continue;
      remaining.Set(*sale_place, remaining.Get(*sale_place) + quantity);
      sale_of[group[place]] = group[*sale_place];
    }
  }
  return sale_of;
}

}  // namespace clientele::cli
