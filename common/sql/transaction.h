#ifndef COMMON_SQL_TRANSACTION_H_
#define COMMON_SQL_TRANSACTION_H_

// Transactions that answer a value.

#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace clientele::sql {

// Runs `work`(Tx&) → absl::StatusOr<T> in Database::RunReadOnly and answers its value.
template <typename Work>
std::invoke_result_t<Work, Tx&> ReadIn(Database& database, const TxOptions& options, Work work) {
  std::optional<std::invoke_result_t<Work, Tx&>> result;
  absl::Status status = database.RunReadOnly(options, [&](Tx& tx) {
    result.emplace(work(tx));
    return result->status();
  });
  return status.ok() ? *std::move(result) : std::move(status);
}

// The same in Database::RunInTransaction, with its promises.
template <typename Work>
std::invoke_result_t<Work, Tx&> WriteIn(Database& database, const TxOptions& options, Work work) {
  std::optional<std::invoke_result_t<Work, Tx&>> result;
  absl::Status status = database.RunInTransaction(options, [&](Tx& tx) {
    result.emplace(work(tx));
    return result->status();
  });
  return status.ok() ? *std::move(result) : std::move(status);
}

}  // namespace clientele::sql

#endif  // COMMON_SQL_TRANSACTION_H_
