#ifndef COMMON_SEALING_UPKEEP_H_
#define COMMON_SEALING_UPKEEP_H_

// The background work of sealing: what an earlier release stored in the clear is sealed, and keys
// are wrapped anew once there is another key-encryption key.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::sealing {

// A column in which texts may stand in the clear (sealed_column.h), and its statements; a constant
// of a store.
struct TextColumn {
  absl::string_view column;         // Place::column
  sql::Statement select_customers;  // $1: how many. Customers that have such texts.
  sql::Statement select_texts;      // $1: whose, $2: how many. The text and its Place::row.
  sql::Statement seal;              // $1: sealed, $2: whose, $3: Place::row, $4: the text
};

// Locks the root rows of customers, which need be neither sorted nor unique.
using LockAll = std::function<absl::Status(sql::Tx& tx, std::vector<std::string> customer_ids)>;

// Used by one thread. Several servers may do the same work: whoever comes second finds it done.
class Upkeep {
 public:
  // All must outlive it; `columns` are in static storage.
  Upkeep(sql::Database& database, const Vault& vault, absl::Span<const TextColumn> columns,
         LockAll lock, const Clock& clock)
      : database_(database),
        vault_(vault),
        columns_(columns),
        lock_(std::move(lock)),
        clock_(clock) {}

  // Does some of what is to be done in one short transaction: texts of a hundred customers, or a
  // thousand keys. Answers whether there may be more. When nothing is, it costs a look into one
  // index for each column. The errors of the database and of Vault, and FAILED_PRECONDITION when
  // every key was looked at and some cannot be wrapped anew; what was committed stays done.
  absl::StatusOr<bool> RunPart();

 private:
  // Seals texts of some customers in one transaction; false when there are none.
  absl::StatusOr<bool> SealSome(const TextColumn& column);
  absl::Status SealTexts(sql::Tx& tx, const TextColumn& column,
                         const std::vector<std::string>& ids);
  // Wraps some keys in one transaction; false once it has come to the last one. Then never again,
  // or servers that begin with different keys would undo each other's work for ever.
  absl::StatusOr<bool> RewrapSome();

  sql::Database& database_;
  const Vault& vault_;
  const absl::Span<const TextColumn> columns_;
  const LockAll lock_;
  const Clock& clock_;
  std::string rewrapped_to_;      // the last customer whose key was looked at
  int64_t unreadable_count_ = 0;  // of the keys looked at
  bool rewrapped_all_ = false;
};

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_UPKEEP_H_
