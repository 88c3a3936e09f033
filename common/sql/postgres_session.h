#ifndef COMMON_SQL_POSTGRES_SESSION_H_
#define COMMON_SQL_POSTGRES_SESSION_H_

// What a fresh connection to PostgreSQL is set to, and which servers are refused.
//
// Thread safety: as the wire.

#include "absl/status/statusor.h"
#include "common/sql/postgres_target.h"
#include "common/sql/postgres_wire.h"

namespace clientele::sql {

// The oldest PostgreSQL our statements were tried on.
inline constexpr int kPostgresVersionMin = 15;

// What else is in the database: with the extension Citus, tables may lie on several servers.
enum class PostgresKind { kPlain, kCitus };

// Checks the server and makes the target's schema the one in use, in one round trip; answers what
// the database is. FAILED_PRECONDITION DATABASE_NOT_OPENED with a sentence when the server is older
// than kPostgresVersionMin, may forget commits (fsync or synchronous_commit off), orders text
// otherwise than by its bytes, is not UTF-8, or takes no writes; else the wire's errors.
absl::StatusOr<PostgresKind> StartSession(PostgresWire& wire, const PostgresTarget& target);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_SESSION_H_
