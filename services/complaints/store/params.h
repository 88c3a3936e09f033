#ifndef SERVICES_COMPLAINTS_STORE_PARAMS_H_
#define SERVICES_COMPLAINTS_STORE_PARAMS_H_

// Domain values as parameters of statements, and back. Internal to the store.

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "common/sql/database.h"

namespace clientele::complaints {

// Microseconds UTC, as every time is stored.
inline sql::Param TimeParam(absl::Time time) { return absl::ToUnixMicros(time); }

inline sql::Param OptionalTimeParam(const std::optional<absl::Time>& time) {
  return time.has_value() ? TimeParam(*time) : sql::Param(sql::kNull);
}

template <typename Enum>
sql::Param EnumParam(Enum value) {
  return static_cast<int64_t>(value);
}

inline absl::Time TimeAt(const sql::Row& row, int column) {
  return absl::FromUnixMicros(row.Int64(column));
}

inline std::optional<absl::Time> OptionalTimeAt(const sql::Row& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional<absl::Time>(TimeAt(row, column));
}

template <typename Enum>
Enum EnumAt(const sql::Row& row, int column) {
  return static_cast<Enum>(row.Int64(column));
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_PARAMS_H_
