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

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

// One size: a statement whose first `key_count` parameters are keys.
struct SizedStatement {
  Statement statement;
  size_t key_count = 0;  // at least 1
};

// Sorts `keys` and drops repetitions, as LockRows wants them and no statement need read twice.
void SortAndUnique(std::vector<std::string>& keys);

// The parameters of a statement that takes `size.key_count` keys, those from index `begin` on; what
// it takes beyond the last key is the caller's to fill. What they refer to must outlive the query.
using KeyParams = absl::FunctionRef<std::vector<Param>(const SizedStatement& size, size_t begin)>;

// Asks for each of `key_count` keys: with the smallest of `sizes` (at least one, in ascending
// order) that takes all that are left, or the largest, as often as it takes but in one round trip
// for each size where the driver can. Errors are Tx::QueryBatch's.
absl::Status QueryInSizes(Tx& tx, absl::Span<const SizedStatement> sizes, size_t key_count,
                          KeyParams params_of, RowCallback on_row);

// The same for statements whose parameters are one key after the other, all of `keys`. What is left
// over repeats the last key, so the statement must mean the same then: "WHERE key IN (…)".
absl::Status QueryByKeys(Tx& tx, absl::Span<const SizedStatement> sizes,
                         absl::Span<const std::string> keys, RowCallback on_row);

}  // namespace clientele::sql

#endif  // COMMON_SQL_KEYED_QUERY_H_
