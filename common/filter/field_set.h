#ifndef COMMON_FILTER_FIELD_SET_H_
#define COMMON_FILTER_FIELD_SET_H_

// The fields that one list method lets its callers filter by. Written by the service, once, as a
// constant table; nothing in it comes from a request.
//
//   const FieldSet fields({
//       EnumField("state", "c.state", {{"ACTIVE", 1}, {"DELETED", 2}}),
//       TimestampField("create_time", "c.create_us"),
//       StringField("rfm.segment", "s.segment").Nullable(),
//   });
//
// Thread safety: immutable after construction; read by any thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/filter/filter.h"

namespace clientele {

// A value as it is stored and bound: INT64, TIMESTAMP (microseconds since 1970) and most enums as
// int64_t, BOOL as bool, STRING and enums stored by name as text.
using FilterValue = std::variant<int64_t, bool, std::string>;

enum class FieldType { kString, kInt64, kBool, kTimestamp, kEnum };

// One filterable field; made by the functions below.
struct FilterField {
  std::string name;  // as callers write it
  FieldType type;
  std::string sql;  // a column or an expression; goes into the statement as it stands
  std::vector<FilterOperator> operators;           // those a caller may use
  std::map<std::string, FilterValue> enum_values;  // kEnum: API name -> stored value
  bool nullable = false;

  // This field, whose column may be NULL: `!=` then matches a row without a value, since that row
  // indeed does not have the value; every other comparison does not match it.
  FilterField Nullable() &&;

  // This field with other operators than its type's.
  FilterField WithOperators(std::vector<FilterOperator> allowed) &&;
};

// Operators: INT64 and TIMESTAMP all six, the others = and != only. Before giving order to a
// STRING, see that its column sorts by bytes (PostgreSQL: COLLATE "C"), as everything else does.
FilterField StringField(absl::string_view name, absl::string_view sql);
FilterField Int64Field(absl::string_view name, absl::string_view sql);
FilterField BoolField(absl::string_view name, absl::string_view sql);
FilterField TimestampField(absl::string_view name, absl::string_view sql);
FilterField EnumField(absl::string_view name, absl::string_view sql,
                      std::map<std::string, FilterValue> values);

// The fields by name.
class FieldSet {
 public:
  // Aborts on a table that no request could use rightly: two fields of one name, an empty name or
  // column, no operators, an enum without values or with values of two types.
  explicit FieldSet(std::vector<FilterField> fields);

  // nullptr when there is no such field. Valid as long as this object.
  const FilterField* Find(absl::string_view name) const;

  // Every name, sorted.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, FilterField, std::less<>> fields_;
  std::vector<std::string> names_;
};

}  // namespace clientele

#endif  // COMMON_FILTER_FIELD_SET_H_
