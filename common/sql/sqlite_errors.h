#ifndef COMMON_SQL_SQLITE_ERRORS_H_
#define COMMON_SQL_SQLITE_ERRORS_H_

// SQLite's result codes as the named errors of common/sql.

#include <sqlite3.h>

#include "absl/status/status.h"

namespace clientele::sql {

// The error of the call on `connection` that has just failed with `result_code`, which is not
// SQLITE_OK, _ROW or _DONE. What SQLite says goes into the log detail only.
//   FULL                              DISK_FULL
//   BUSY, LOCKED, PROTOCOL            TRANSACTION_CONFLICT
//   IOERR, READONLY, CANTOPEN, PERM   DATABASE_UNAVAILABLE
//   INTERRUPT                         DEADLINE_TOO_SHORT: only the deadline or a cancel interrupts
//   CONSTRAINT                        ConstraintViolated
//   anything else                     INTERNAL, our statement is wrong or the file is damaged
absl::Status SqliteError(sqlite3* connection, int result_code);

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_ERRORS_H_
