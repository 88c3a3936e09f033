#ifndef COMMON_SQL_POSTGRES_ERRORS_H_
#define COMMON_SQL_POSTGRES_ERRORS_H_

// PostgreSQL's error codes (SQLSTATE) as the named errors of common/sql.
//
// Thread safety: pure functions.

#include <libpq-fe.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::sql {

// What an error meant depends on what was asked for.
struct PostgresErrorContext {
  absl::string_view statement_name;  // for the log; "" = none of ours
  bool deadline_passed = false;      // else nobody of ours stopped a statement that was stopped
  bool is_read_only = false;         // the transaction is: a write in it is our mistake
};

// The error that `result` holds. What PostgreSQL says goes into the log detail only, and nothing of
// it that may quote a value: no DETAIL, and no message of a data exception.
//   40001, 40P01                      TRANSACTION_CONFLICT
//   55P03, 57014                      DEADLINE_TOO_SHORT when the deadline has passed
//   53100                             DISK_FULL
//   25006                             DATABASE_READ_ONLY, unless the transaction is read-only
//   23505, 23514, 23502               ConstraintViolated
//   08…, 53…, 57…, 58…, none at all   DATABASE_UNAVAILABLE, also 25P03 and the rest of the above
//   anything else                     INTERNAL: our statement is wrong
absl::Status PostgresError(const PGresult* result, const PostgresErrorContext& context);

// Whether the statement was stopped, by a request to cancel it or at its timeout.
bool IsCancelled(const PGresult* result);

// Whether the server ends the connection after this error.
bool IsFatal(const PGresult* result);

// The SQLSTATE in what libpq says of a connection that was not made, with PQERRORS_VERBOSE
// ("…: FATAL:  28P01: password…"); "" when no server has answered.
std::string ConnectSqlState(absl::string_view message);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_ERRORS_H_
