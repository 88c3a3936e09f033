#ifndef COMMON_SQL_POSTGRES_DATABASE_H_
#define COMMON_SQL_POSTGRES_DATABASE_H_

// The driver for PostgreSQL 15 or newer: a pool of connections that callers take in order of
// arrival, made when first needed and again when the server had gone away.
//
// Transactions are READ COMMITTED, read-only ones REPEATABLE READ (docs/adr/0020). The server stops
// statements at the deadline; a server that does not answer is given up half a second later.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/sql/statement_observer.h"

namespace clientele::sql {

inline constexpr int kPostgresConnectionsMax = 256;

struct PostgresOptions {
  // A URI or keywords as libpq reads them, without a password.
  std::string dsn;
  // Its first line is the password, read at each connect; "" = none is needed.
  std::string password_file;
  // What to set where the server wants a password and gets none, for the sentence that says so.
  std::string password_source = "database.password_file";
  // Where our tables are: lower-case letters, digits and "_".
  std::string schema;
  // What the server shows of us in pg_stat_activity.
  std::string application_name = "clientele";
  int connections_max = 8;  // 1..kPostgresConnectionsMax
  // How long one attempt to connect may take, name look-up not counted.
  absl::Duration connect_timeout = absl::Seconds(5);
  StatementObserver observer;
};

// What OpenPostgres refuses without a connection: a DSN that cannot be read or holds a password, a
// name that no schema has, a password file that cannot be read. Errors as of OpenPostgres.
absl::Status CheckPostgresOptions(const PostgresOptions& options);

// Makes one connection, so that a wrong configuration is found at once. FAILED_PRECONDITION
// DATABASE_NOT_OPENED with a sentence: no such database, password not accepted, nobody answers, or
// a server that is refused (postgres_session.h). Destroy the Database only when no call on it is
// running.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options);

// Whether `status`, of such a Database, says that PostgreSQL forbids our role what we tried.
bool IsForbiddenToRole(const absl::Status& status);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_DATABASE_H_
