#ifndef SERVICES_LOYALTY_STORE_KEYED_QUERY_H_
#define SERVICES_LOYALTY_STORE_KEYED_QUERY_H_

// Rows and keys of statements that take many. Internal to the store.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "services/loyalty/store/sql_member.h"

namespace clientele::loyalty {

using Rows = std::vector<std::vector<sql::Param>>;

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

#endif  // SERVICES_LOYALTY_STORE_KEYED_QUERY_H_
