#ifndef SERVICES_LOYALTY_STORE_TRANSACTION_H_
#define SERVICES_LOYALTY_STORE_TRANSACTION_H_

// Transactions that answer a value.

#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace clientele::loyalty {

// Runs `work`(Tx&) → absl::StatusOr<T> in Database::RunReadOnly and answers its value.
template <typename Work>
std::invoke_result_t<Work, sql::Tx&> ReadIn(sql::Database& database, const sql::TxOptions& options,
                                            Work work) {
  std::optional<std::invoke_result_t<Work, sql::Tx&>> result;
  absl::Status status = database.RunReadOnly(options, [&](sql::Tx& tx) {
    result.emplace(work(tx));
    return result->status();
  });
  return status.ok() ? *std::move(result) : std::move(status);
}

// The same in Database::RunInTransaction, with its promises.
template <typename Work>
std::invoke_result_t<Work, sql::Tx&> WriteIn(sql::Database& database, const sql::TxOptions& options,
                                             Work work) {
  std::optional<std::invoke_result_t<Work, sql::Tx&>> result;
  absl::Status status = database.RunInTransaction(options, [&](sql::Tx& tx) {
    result.emplace(work(tx));
    return result->status();
  });
  return status.ok() ? *std::move(result) : std::move(status);
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_TRANSACTION_H_
