#ifndef SERVICES_SEGMENTATION_JOBS_CUSTOMER_INDEX_H_
#define SERVICES_SEGMENTATION_JOBS_CUSTOMER_INDEX_H_

// The customers of a run under dense numbers, so that a million of them are a few arrays.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::segmentation {

// What a run has to know of a customer beside the orders.
enum class CustomerStanding : uint8_t {
  kKnown,
  kDeleted,   // before as_of
  kNotKnown,  // created at or after as_of: counts only if there are orders before
};

// Immutable once filled; then any number of threads may read it.
class CustomerIndex {
 public:
  // `customer_id` must be greater than the one before.
  void Add(absl::string_view customer_id, CustomerStanding standing) {
    ids_.append(customer_id.data(), customer_id.size());
    ends_.push_back(ids_.size());
    standings_.push_back(standing);
  }

  // Changes the standing of a customer that was added; false when there is no such customer. Cost:
  // O(log customers).
  bool SetStanding(absl::string_view customer_id, CustomerStanding standing) {
    uint32_t begin = 0;
    uint32_t end = size();
    while (begin < end) {
      const uint32_t middle = begin + (end - begin) / 2;
      if (IdOf(middle) < customer_id) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    if (begin == size() || IdOf(begin) != customer_id) {
      return false;
    }
    standings_[begin] = standing;
    return true;
  }

  uint32_t size() const { return static_cast<uint32_t>(standings_.size()); }

  // Valid until the next Add.
  absl::string_view IdOf(uint32_t customer) const {
    const size_t begin = customer == 0 ? 0 : ends_[customer - 1];
    return absl::string_view(ids_).substr(begin, ends_[customer] - begin);
  }
  CustomerStanding StandingOf(uint32_t customer) const { return standings_[customer]; }

 private:
  std::string ids_;  // one after the other
  std::vector<uint64_t> ends_;
  std::vector<CustomerStanding> standings_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_CUSTOMER_INDEX_H_
