#ifndef COMMON_SQL_KEYED_QUERY_H_
#define COMMON_SQL_KEYED_QUERY_H_

// Feeds many keys to statements that take a fixed number of them, so that few texts are prepared.
//
// A statement may come in several sizes: a small one for a single caller, who should not pay for
// others, and a large one for a batch, which should not ask often.
// Thread safety: pure functions over a transaction.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/status/macros.h"

namespace clientele::sql {

// One size: a statement whose first `key_count` parameters are keys.
struct SizedStatement {
  Statement statement;
  size_t key_count = 0;  // at least 1
};

// Sorts `keys` and drops repetitions, as LockRows wants them and no statement need read twice.
void SortAndUnique(std::vector<std::string>& keys);

// Calls query(size, begin) → Status until each of `key_count` keys was asked for: with the keys
// from index `begin` on and the smallest of `sizes` (at least one, in ascending order) that takes
// all that are left, or the largest. What a size takes beyond the last key is the caller's to fill.
template <typename Query>
absl::Status QueryInSizes(absl::Span<const SizedStatement> sizes, size_t key_count, Query query) {
  for (size_t begin = 0; begin < key_count;) {
    size_t chosen = 0;
    while (chosen + 1 < sizes.size() && sizes[chosen].key_count < key_count - begin) {
      ++chosen;
    }
    CLIENTELE_RETURN_IF_ERROR(query(sizes[chosen], begin));
    begin += sizes[chosen].key_count;
  }
  return absl::OkStatus();
}

// Runs the statement of `sizes` for all of `keys`, with `more` as the parameters after them. What
// is left over repeats the last key, so the statement must mean the same then: "WHERE key IN (…)".
// Errors are Tx::Query's.
absl::Status QueryByKeys(Tx& tx, absl::Span<const SizedStatement> sizes,
                         absl::Span<const std::string> keys, absl::Span<const Param> more,
                         RowCallback on_row);

}  // namespace clientele::sql

#endif  // COMMON_SQL_KEYED_QUERY_H_
