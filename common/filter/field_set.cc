#include "common/filter/field_set.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele {
namespace {

std::vector<FilterOperator> EqualityOperators() {
  return {FilterOperator::kEqual, FilterOperator::kNotEqual};
}

std::vector<FilterOperator> AllOperators() {
  return {FilterOperator::kEqual,     FilterOperator::kNotEqual, FilterOperator::kLess,
          FilterOperator::kLessEqual, FilterOperator::kGreater,  FilterOperator::kGreaterEqual};
}

FilterField Field(absl::string_view name, absl::string_view sql, FieldType type,
                  std::vector<FilterOperator> operators) {
  return {.name = std::string(name),
          .type = type,
          .sql = std::string(sql),
          .operators = std::move(operators)};
}

void CheckField(const FilterField& field) {
  CLIENTELE_CHECK(!field.name.empty() && !field.sql.empty() && !field.operators.empty());
  CLIENTELE_CHECK((field.type == FieldType::kEnum) == !field.enum_values.empty());
  for (const auto& [name, value] : field.enum_values) {
    CLIENTELE_CHECK(value.index() == field.enum_values.begin()->second.index());
  }
}

}  // namespace

FilterField FilterField::Nullable() && {
  nullable = true;
  return std::move(*this);
}

FilterField FilterField::WithOperators(std::vector<FilterOperator> allowed) && {
  operators = std::move(allowed);
  return std::move(*this);
}

FilterField StringField(absl::string_view name, absl::string_view sql) {
  return Field(name, sql, FieldType::kString, EqualityOperators());
}

FilterField Int64Field(absl::string_view name, absl::string_view sql) {
  return Field(name, sql, FieldType::kInt64, AllOperators());
}

FilterField BoolField(absl::string_view name, absl::string_view sql) {
  return Field(name, sql, FieldType::kBool, EqualityOperators());
}

FilterField TimestampField(absl::string_view name, absl::string_view sql) {
  return Field(name, sql, FieldType::kTimestamp, AllOperators());
}

FilterField EnumField(absl::string_view name, absl::string_view sql,
                      std::map<std::string, FilterValue> values) {
  FilterField field = Field(name, sql, FieldType::kEnum, EqualityOperators());
  field.enum_values = std::move(values);
  return field;
}

FieldSet::FieldSet(std::vector<FilterField> fields) {
  for (FilterField& field : fields) {
    CheckField(field);
    const std::string name = field.name;
    CLIENTELE_CHECK(fields_.emplace(name, std::move(field)).second);
  }
  for (const auto& [name, field] : fields_) {
    names_.push_back(name);
  }
}

const FilterField* FieldSet::Find(absl::string_view name) const {
  const auto found = fields_.find(name);
  return found == fields_.end() ? nullptr : &found->second;
}

}  // namespace clientele
