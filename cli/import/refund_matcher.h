#ifndef CLI_IMPORT_REFUND_MATCHER_H_
#define CLI_IMPORT_REFUND_MATCHER_H_

// Finds the sale each cancellation gives back. Thread safety: a pure function.

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::cli {

// What a sale and its refund have in common.
struct RefundKey {
  int32_t customer_index = 0;
  absl::string_view sku;
  int64_t unit_price_micros = 0;

  bool operator==(const RefundKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H state, const RefundKey& key) {
    return H::combine(std::move(state), key.customer_index, key.sku, key.unit_price_micros);
  }
};

// A sale (quantity > 0) or a cancellation (quantity < 0).
struct RefundEvent {
  RefundKey key;
  int64_t quantity = 0;
};

inline constexpr int32_t kNoSale = -1;

// `events` in file order. Answers, per event, the index of the sale that a cancellation gives back:
// the last sale before it with the same key and at least its quantity not yet refunded; kNoSale
// when there is none, and for sales. A cancellation is never split. O(n log n) whatever the input.
std::vector<int32_t> MatchRefunds(absl::Span<const RefundEvent> events);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_REFUND_MATCHER_H_
