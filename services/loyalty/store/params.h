#ifndef SERVICES_LOYALTY_STORE_PARAMS_H_
#define SERVICES_LOYALTY_STORE_PARAMS_H_

// Between domain values and columns. Internal to the store.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "services/loyalty/store/sql_member.h"

namespace clientele::loyalty {

using Rows = std::vector<std::vector<sql::Param>>;

// Microseconds UTC, as every time is stored.
inline sql::Param TimeParam(absl::Time time) { return absl::ToUnixMicros(time); }

inline sql::Param OptionalTimeParam(const std::optional<absl::Time>& time) {
  return time.has_value() ? TimeParam(*time) : sql::Param(sql::kNull);
}

inline sql::Param NullIfEmpty(absl::string_view text) {
  return text.empty() ? sql::Param(sql::kNull) : sql::Param(text);
}

inline absl::Time TimeAt(const sql::Row& row, int column) {
  return absl::FromUnixMicros(row.Int64(column));
}

inline std::optional<absl::Time> OptionalTimeAt(const sql::Row& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional<absl::Time>(TimeAt(row, column));
}

// Empty for NULL.
inline std::string TextAt(const sql::Row& row, int column) {
  return row.IsNull(column) ? std::string() : std::string(row.Text(column));
}

// Runs `statement` once per kKeysPerStatement of `keys`.
inline absl::Status QueryByKeys(sql::Tx& tx, const sql::Statement& statement,
                                absl::Span<const std::string> keys, sql::RowCallback on_row) {
  for (size_t begin = 0; begin < keys.size(); begin += kKeysPerStatement) {
    std::vector<sql::Param> params;
    params.reserve(kKeysPerStatement);
    for (size_t i = 0; i < kKeysPerStatement; ++i) {
      params.emplace_back(absl::string_view(keys[std::min(begin + i, keys.size() - 1)]));
    }
    CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, on_row));
  }
  return absl::OkStatus();
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_PARAMS_H_
