#ifndef COMMON_FILTER_SQL_H_
#define COMMON_FILTER_SQL_H_

// The SQL back end of filters: a condition in the portable dialect with every value bound.
//
// Thread safety: values and pure functions.

#include <string>
#include <vector>

#include "common/filter/bound_filter.h"

namespace clientele {

// A condition for a WHERE clause.
struct SqlCondition {
  std::string text;                 // "c.state = $3 AND c.create_us >= $4"; "TRUE" without terms
  std::vector<FilterValue> values;  // of $3, $4, ... in this order
};

// The condition of `filter`, whose first parameter is $<first_parameter> (at least 1). It can be
// joined to others with AND as it stands. Columns come from the field table only. A row without a
// value matches `!=` only: "(c.x IS NULL OR c.x <> $3)" where the field is nullable.
SqlCondition CompileToSql(const BoundFilter& filter, int first_parameter);

}  // namespace clientele

#endif  // COMMON_FILTER_SQL_H_
