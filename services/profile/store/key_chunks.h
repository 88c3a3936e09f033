#ifndef SERVICES_PROFILE_STORE_KEY_CHUNKS_H_
#define SERVICES_PROFILE_STORE_KEY_CHUNKS_H_

// Feeds many keys to statements that take kKeysPerStatement of them.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/profile/store/sql_customer.h"

namespace clientele::profile {

// Sorts `keys` and drops repetitions, as LockRows and every chunked read want them.
inline void SortAndUnique(std::vector<std::string>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// Runs `statement` once per kKeysPerStatement of `keys`.
inline absl::Status QueryByKeys(sql::Tx& tx, const sql::Statement& statement,
                                absl::Span<const std::string> keys, sql::RowCallback on_row) {
  std::vector<std::vector<sql::Param>> batch;
  batch.reserve((keys.size() + kKeysPerStatement - 1) / kKeysPerStatement);
  for (size_t begin = 0; begin < keys.size(); begin += kKeysPerStatement) {
    std::vector<sql::Param>& params = batch.emplace_back();
    params.reserve(kKeysPerStatement);
    for (size_t i = 0; i < kKeysPerStatement; ++i) {
      params.emplace_back(absl::string_view(keys[std::min(begin + i, keys.size() - 1)]));
    }
  }
  return tx.QueryBatch(statement, batch,
                       [&on_row](size_t /*index*/, const sql::Row& row) { return on_row(row); });
}

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_KEY_CHUNKS_H_
