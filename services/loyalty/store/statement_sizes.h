#ifndef SERVICES_LOYALTY_STORE_STATEMENT_SIZES_H_
#define SERVICES_LOYALTY_STORE_STATEMENT_SIZES_H_

// The two sizes of loyalty's statements that take many keys. Internal to the store.

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "common/sql/keyed_query.h"

namespace clientele::loyalty {

inline constexpr size_t kFewKeys = 4;
inline constexpr size_t kManyKeys = 128;

// One statement in both.
using KeyedStatement = std::array<sql::SizedStatement, 2>;

constexpr KeyedStatement InBothSizes(absl::string_view name, absl::string_view few,
                                     absl::string_view many) {
  return {{{{name, few}, kFewKeys}, {{name, many}, kManyKeys}}};
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_STATEMENT_SIZES_H_
