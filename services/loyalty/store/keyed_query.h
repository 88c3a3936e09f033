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

namespace clientele::loyalty {

using Rows = std::vector<std::vector<sql::Param>>;

// How many keys the two sizes of a statement take: one for a single caller's request, which should
// not pay for others, and one for a batch, which should not ask often.
inline constexpr size_t kFewKeys = 4;
inline constexpr size_t kManyKeys = 128;

// One statement in both sizes. What is left over of its keys repeats the last one.
struct KeyedStatement {
  sql::Statement few;
  sql::Statement many;
};

// Calls query(statement, keys begin, key count of the statement) until each of `key_count` keys was
// asked for.
template <typename Query>
absl::Status QueryInSizes(const KeyedStatement& statement, size_t key_count, Query query) {
  for (size_t begin = 0; begin < key_count;) {
    const bool is_few = key_count - begin <= kFewKeys;
    const size_t size = is_few ? kFewKeys : kManyKeys;
    CLIENTELE_RETURN_IF_ERROR(query(is_few ? statement.few : statement.many, begin, size));
    begin += size;
  }
  return absl::OkStatus();
}

// Runs `statement`, which takes a key as one parameter, for all of `keys`.
inline absl::Status QueryByKeys(sql::Tx& tx, const KeyedStatement& statement,
                                absl::Span<const std::string> keys, sql::RowCallback on_row) {
  return QueryInSizes(
      statement, keys.size(),
      [&](const sql::Statement& sized, size_t begin, size_t size) -> absl::Status {
        std::vector<sql::Param> params;
        params.reserve(size);
        for (size_t i = 0; i < size; ++i) {
          params.emplace_back(absl::string_view(keys[std::min(begin + i, keys.size() - 1)]));
        }
        return tx.Query(sized, params, on_row);
      });
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_KEYED_QUERY_H_
