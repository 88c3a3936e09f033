#include "common/filter/sql.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// SQL spells inequality <>; the other operators are the same in both languages.
absl::string_view SqlOperator(FilterOperator op) {
  return op == FilterOperator::kNotEqual ? "<>" : FilterOperatorText(op);
}

std::string CompileComparison(const BoundComparison& comparison, int parameter) {
  std::string compared =
      absl::StrCat(comparison.sql, " ", SqlOperator(comparison.op), " $", parameter);
  if (comparison.nullable && comparison.op == FilterOperator::kNotEqual) {
    return absl::StrCat("(", comparison.sql, " IS NULL OR ", compared, ")");
  }
  return compared;
}

}  // namespace

SqlCondition CompileToSql(const BoundFilter& filter, int first_parameter) {
  CLIENTELE_CHECK(first_parameter >= 1);
  SqlCondition condition;
  int parameter = first_parameter;
  for (const BoundComparison& comparison : filter.comparisons) {
    absl::StrAppend(&condition.text, condition.text.empty() ? "" : " AND ",
                    CompileComparison(comparison, parameter++));
    condition.values.push_back(comparison.value);
  }
  if (condition.text.empty()) {
    condition.text = "TRUE";
  }
  return condition;
}

}  // namespace clientele
