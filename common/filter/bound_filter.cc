#include "common/filter/bound_filter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/filter/errors.h"
#include "common/status/macros.h"
#include "common/text/nearest_name.h"
#include "common/time/timestamp.h"

namespace clientele {
namespace {

constexpr size_t kNamesListedMax = 10;  // keeps the message short where an enum is long

std::string ListNames(const std::vector<std::string>& names) {
  const size_t shown = std::min(names.size(), kNamesListedMax);
  std::string list = absl::StrJoin(names.begin(), names.begin() + shown, ", ");
  if (shown < names.size()) {
    absl::StrAppend(&list, " and ", names.size() - shown, " more");
  }
  return list;
}

std::string UnknownField(const std::string& name, const FieldSet& fields) {
  const std::optional<std::string> nearest = NearestName(fields.names(), name);
  return absl::StrCat("unknown field '", name, "'; ",
                      nearest.has_value() ? absl::StrCat("did you mean '", *nearest, "'?")
                                          : absl::StrCat("known are ", ListNames(fields.names())));
}

absl::StatusOr<FilterValue> ToInt64(const FilterLiteral& literal) {
  int64_t number = 0;
  if (literal.quoted || !absl::SimpleAtoi(literal.text, &number)) {
    return absl::InvalidArgumentError("must be compared with a whole number of 64 bits");
  }
  return FilterValue(number);
}

absl::StatusOr<FilterValue> ToBool(const FilterLiteral& literal) {
  if (literal.quoted || (literal.text != "true" && literal.text != "false")) {
    return absl::InvalidArgumentError("must be compared with true or false");
  }
  return FilterValue(literal.text == "true");
}

absl::StatusOr<FilterValue> ToTimestamp(const FilterLiteral& literal) {
  const absl::StatusOr<absl::Time> time = ParseRfc3339(literal.text);
  if (!time.ok()) {
    return absl::InvalidArgumentError(
        "must be compared with an RFC 3339 timestamp such as 2011-12-10T08:26:00Z");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t unix_us, ToUnixMicrosChecked(*time));
  return FilterValue(unix_us);
}

absl::StatusOr<FilterValue> ToEnum(const FilterField& field, const FilterLiteral& literal) {
  const auto found = field.enum_values.find(literal.text);
  if (found != field.enum_values.end()) {
    return found->second;
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : field.enum_values) {
    names.push_back(name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("must be compared with one of ", ListNames(names)));
}

absl::StatusOr<FilterValue> ToValue(const FilterField& field, const FilterLiteral& literal) {
  switch (field.type) {
    case FieldType::kString:
      return FilterValue(literal.text);
    case FieldType::kInt64:
      return ToInt64(literal);
    case FieldType::kBool:
      return ToBool(literal);
    case FieldType::kTimestamp:
      return ToTimestamp(literal);
    case FieldType::kEnum:
      return ToEnum(field, literal);
  }
  CLIENTELE_CHECK(false && "a field type out of its enum");
  return absl::InternalError("");
}

// Binds one comparison, or adds what is wrong with it to `mistakes`.
std::optional<BoundComparison> Bind(const FilterComparison& comparison, const FieldSet& fields,
                                    std::vector<FilterMistake>& mistakes) {
  const FilterField* const field = fields.Find(comparison.field);
  if (field == nullptr) {
    mistakes.push_back({comparison.field_position, UnknownField(comparison.field, fields)});
    return std::nullopt;
  }
  if (std::count(field->operators.begin(), field->operators.end(), comparison.op) == 0) {
    mistakes.push_back(
        {comparison.field_position, absl::StrCat("'", field->name, "' cannot be compared with ",
                                                 FilterOperatorText(comparison.op))});
    return std::nullopt;
  }
  absl::StatusOr<FilterValue> value = ToValue(*field, comparison.value);
  if (!value.ok()) {
    mistakes.push_back({comparison.value_position,
                        absl::StrCat("'", field->name, "' ", value.status().message())});
    return std::nullopt;
  }
  return BoundComparison{.field = field->name,
                         .sql = field->sql,
                         .op = comparison.op,
                         .value = *std::move(value),
                         .nullable = field->nullable};
}

}  // namespace

absl::StatusOr<BoundFilter> BindFilter(const Filter& filter, const FieldSet& fields) {
  BoundFilter bound;
  std::vector<FilterMistake> mistakes;
  for (const FilterComparison& comparison : filter.comparisons) {
    std::optional<BoundComparison> one = Bind(comparison, fields, mistakes);
    if (one.has_value()) {
      bound.comparisons.push_back(*std::move(one));
    }
  }
  if (!mistakes.empty()) {
    return InvalidFilter(mistakes);
  }
  return bound;
}

absl::StatusOr<BoundFilter> ParseAndBindFilter(absl::string_view text, const FieldSet& fields) {
  CLIENTELE_ASSIGN_OR_RETURN(const Filter filter, ParseFilter(text));
  return BindFilter(filter, fields);
}

}  // namespace clientele
