#ifndef COMMON_IDS_STRONG_ID_H_
#define COMMON_IDS_STRONG_ID_H_

// A text id that cannot be passed where another kind of id is meant.
//
//   struct CustomerTag;
//   using CustomerId = StrongId<CustomerTag>;
//
// It does not check its text: whoever reads a request validates with common/ids/id_format.h. It
// has no stream operator, so that printing an id is always a deliberate `id.value()`.
// Thread safety: a value, like std::string.

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace clientele {

template <typename Tag>
class StrongId {
 public:
  // The empty id: "not set".
  StrongId() = default;
  explicit StrongId(absl::string_view value) : value_(value) {}

  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }

  // Ordered by bytes, as every store orders ids.
  friend bool operator==(const StrongId&, const StrongId&) = default;
  friend bool operator<(const StrongId& left, const StrongId& right) {
    return left.value_ < right.value_;
  }

  template <typename H>
  friend H AbslHashValue(H state, const StrongId& id) {
    return H::combine(std::move(state), id.value_);
  }

 private:
  std::string value_;
};

}  // namespace clientele

template <typename Tag>
struct std::hash<clientele::StrongId<Tag>> {
  std::size_t operator()(const clientele::StrongId<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.value());
  }
};

#endif  // COMMON_IDS_STRONG_ID_H_
