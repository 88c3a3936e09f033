#ifndef COMMON_SQL_COLUMNS_H_
#define COMMON_SQL_COLUMNS_H_

// Values of a program as parameters and columns, in the one form in which they are stored.
//
// Thread safety: pure functions. A row's column must hold what is read from it (CHECK in Row).

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace clientele::sql {

// Microseconds UTC, as every time is stored.
inline Param TimeParam(absl::Time time) { return absl::ToUnixMicros(time); }

inline Param OptionalTimeParam(const std::optional<absl::Time>& time) {
  return time.has_value() ? TimeParam(*time) : Param(kNull);
}

inline absl::Time TimeAt(const Row& row, int column) {
  return absl::FromUnixMicros(row.Int64(column));
}

inline std::optional<absl::Time> OptionalTimeAt(const Row& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional<absl::Time>(TimeAt(row, column));
}

// Views into `text`.
inline Param NullIfEmpty(absl::string_view text) {
  return text.empty() ? Param(kNull) : Param(text);
}

// Empty for NULL.
inline std::string TextAt(const Row& row, int column) {
  return row.IsNull(column) ? std::string() : std::string(row.Text(column));
}

// The same for bytes.
inline Param NullIfNoBytes(absl::string_view bytes) {
  return bytes.empty() ? Param(kNull) : Param(Bytes{bytes});
}

inline std::string BytesAt(const Row& row, int column) {
  return row.IsNull(column) ? std::string() : std::string(row.Blob(column));
}

template <typename Enum>
Param EnumParam(Enum value) {
  return static_cast<int64_t>(value);
}

template <typename Enum>
Enum EnumAt(const Row& row, int column) {
  return static_cast<Enum>(row.Int64(column));
}

}  // namespace clientele::sql

#endif  // COMMON_SQL_COLUMNS_H_
