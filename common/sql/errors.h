#ifndef COMMON_SQL_ERRORS_H_
#define COMMON_SQL_ERRORS_H_

// The named errors of common/sql, shared by its drivers.
//
// Messages are fixed sentences: what the database says goes into the status's log detail
// (common/status/log_detail.h) and so never reaches a caller. A driver's words may name tables,
// columns and constraints and quote our statements; they never hold bound values or those of rows.
// Thread safety: pure functions.

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::sql {

// UNAVAILABLE DATABASE_UNAVAILABLE with RetryInfo: the database cannot be reached, read or written.
absl::Status DatabaseUnavailable(absl::string_view log_detail);

// UNAVAILABLE DATABASE_READ_ONLY with RetryInfo: the server takes no writes, as a replica does
// until it is promoted.
absl::Status DatabaseReadOnly(absl::string_view log_detail);

// UNKNOWN OUTCOME_UNKNOWN: the connection was lost while the transaction committed, so all of it
// may be stored, or nothing. Whoever knows the request looks for its effect on another connection.
absl::Status OutcomeUnknown(absl::string_view log_detail);

// RESOURCE_EXHAUSTED DISK_FULL: nothing of the transaction was stored.
absl::Status DiskFull(absl::string_view log_detail);

// RESOURCE_EXHAUSTED OVERLOADED with RetryInfo: too many callers wait for a connection.
absl::Status DatabaseOverloaded();

// ABORTED TRANSACTION_CONFLICT with RetryInfo: lost a race; RunInTransaction repeats on it.
absl::Status TransactionConflict(absl::string_view log_detail);

// DEADLINE_EXCEEDED DEADLINE_TOO_SHORT: the deadline passed before the commit began.
absl::Status DatabaseDeadlineExceeded();

// FAILED_PRECONDITION SCHEMA_MISMATCH: this binary and the schema do not fit; metadata: version.
// `description` is a clause such as "was changed after it was applied".
absl::Status SchemaMismatch(int64_t version, absl::string_view description);

// FAILED_PRECONDITION DATABASE_NOT_OPENED, for the operator at start; metadata: path, cause.
// `path`: of a file, or where a server is ("postgresql://host:5432/name").
absl::Status DatabaseNotOpened(absl::string_view path, absl::string_view cause);

// INTERNAL: our statement, parameters or use of the interface is wrong.
absl::Status SqlDefect(absl::string_view log_detail);

// Which promise of the schema a write broke.
enum class ConstraintKind { kUnique, kCheck, kNotNull };

struct ConstraintViolation {
  ConstraintKind kind;
  std::string subject;  // what the database calls it: "customer.customer_id", "balance_bounds"
};

// INTERNAL, because stores read before they write: a violated constraint means that one forgot to.
absl::Status ConstraintViolated(const ConstraintViolation& violation);

// A key that lets no two rows have the same, as each database calls it: PostgreSQL by the name of
// the constraint or index ("account_pkey"; on Citus with the shard's number behind), SQLite by its
// columns ("account.account_id", several parted by ", ").
struct UniqueKey {
  absl::string_view name;
  absl::string_view columns;
};

// Whether it is ConstraintViolated of kUnique, and of this key: another table's is a defect.
bool IsUniqueViolated(const absl::Status& status, const UniqueKey& key);

// Whether RunInTransaction should run the work again.
bool IsTransactionConflict(const absl::Status& status);

// Whether it is OutcomeUnknown.
bool IsOutcomeUnknown(const absl::Status& status);

}  // namespace clientele::sql

#endif  // COMMON_SQL_ERRORS_H_
