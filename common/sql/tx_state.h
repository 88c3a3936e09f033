#ifndef COMMON_SQL_TX_STATE_H_
#define COMMON_SQL_TX_STATE_H_

// What has become of a transaction, for every driver: it is lost with its first failed statement,
// and not to be used while a row is given out.
//
// Thread safety: none; belongs to its transaction.

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/sql/statement.h"

namespace clientele::sql {

class TxState {
 public:
  // The first error after a failed statement; inside a row callback INTERNAL, which loses it too.
  absl::Status CheckUsable();

  // Remembers an error of the database or of ours; returns it.
  absl::Status Lose(absl::Status error);

  // Calls `on_row`; answers what it returns.
  absl::Status GiveRow(const Row& row, RowCallback on_row);

  // OK while the transaction can still be committed.
  const absl::Status& first_error() const { return first_error_; }

 private:
  absl::Status first_error_;
  bool is_giving_row_ = false;
};

// Dies on keys that are not sorted and unique, as Tx::LockRows wants them.
void CheckLockKeys(absl::Span<const std::string> keys);

}  // namespace clientele::sql

#endif  // COMMON_SQL_TX_STATE_H_
