#ifndef COMMON_SQL_MIGRATION_H_
#define COMMON_SQL_MIGRATION_H_

// Versioned, checksummed, forward-only schema changes.
//
// The files lie in services/<svc>/migrations/NNNN_<what>.sql (and common/*/migrations for tables
// every service has) and are compiled into the binary by clientele_embed_migrations()
// (cmake/Migrations.cmake). Versions: common/feed 1..99, common/idempotency 101..199, what common
// adds later up to 999, the service's own from 1001.
//
// A text that begins with the line "-- readable from: NNNN" leaves a database with which every
// server can work that knows migration NNNN, though not this one. So the servers of the release
// before stay ready when the next one's migrations are applied, and start again after a rollback
// (docs/adr/0064).
//
// A text with the line "-- online" is one CREATE [UNIQUE] INDEX, which PostgreSQL and Citus build
// while servers write (docs/adr/0120). Without it a build keeps all writes of the table waiting.
//
// Thread safety: free functions, as thread-safe as the Database they get.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

// One file, and the one beside it for Citus. Each text is one or more statements separated by ";\n"
// (see Tx::ExecuteSchema).
struct Migration {
  int64_t version;         // its NNNN, unique in the service
  absl::string_view name;  // "create_customers"
  absl::string_view text;
  // Of NNNN_<what>.citus.sql: how Citus distributes the tables that `text` makes; "" = it makes
  // none, or only such as stay on the coordinator.
  absl::string_view citus_text = "";
};

// What the schema_migration table of a database says beside what the binary knows.
struct SchemaState {
  int64_t current_version;                // the highest applied one; 0 = empty database
  int64_t wanted_version;                 // the last known migration
  std::vector<int64_t> pending_versions;  // ascending; may lie below current_version, when common
                                          // got a new one after the service's had been applied
};

// What schema_migration remembers of a migration's text: SHA-256 in hexadecimal digits. Not of the
// one for Citus nor of the line "-- online", which change nothing that is made: they may come later
// than the migration (docs/adr/0050).
std::string MigrationChecksum(const Migration& migration);

// The oldest migration that a server must know to work with a database that has this one; 0 = this
// one. CHECKs that the line is well-formed.
int64_t ReadableFrom(const Migration& migration);

// Makes schema_migration, and what tells older servers of migrations that they do not know, when
// they are absent.
inline constexpr absl::string_view kCreateMigrationHistory =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "  version BIGINT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  checksum TEXT NOT NULL,"
    "  apply_time BIGINT NOT NULL,"
    "  PRIMARY KEY (version));\n"
    "CREATE TABLE IF NOT EXISTS schema_compatibility ("
    "  version BIGINT NOT NULL,"
    "  readable_from BIGINT NOT NULL,"
    "  PRIMARY KEY (version))";

// Run before a citus_text: a transaction that has distributed one table in parallel refuses some of
// what may follow.
inline constexpr absl::string_view kDistributeOneByOne =
    "SET LOCAL citus.multi_shard_modify_mode TO 'sequential';\n";

// The migrations of several components as one ascending list. CHECKs that each component's are
// ascending and that no version occurs twice. The texts are not copied.
std::vector<Migration> MergeMigrations(
    std::initializer_list<absl::Span<const Migration>> components);

// Compares the database with `migrations` (ascending versions); writes nothing. FAILED_PRECONDITION
// SCHEMA_MISMATCH when an applied one has another checksum, or is unknown to the binary and says
// that who can work with it knows more than the binary does, which then is too old.
absl::StatusOr<SchemaState> InspectSchema(Database& database,
                                          absl::Span<const Migration> migrations);

// Those of `migrations` that the database has not got, ascending, and without their citus_text when
// it is not on Citus; writes nothing. Errors as InspectSchema's.
absl::StatusOr<std::vector<Migration>> PendingMigrations(Database& database,
                                                         absl::Span<const Migration> migrations);

// Applies the pending ones, each in its own transaction with its schema_migration row, on Citus
// with its citus_text too; an index that is built online is there before its row. Two callers at
// once apply each exactly once. Idempotent. Errors as InspectSchema's plus the database's; the
// migrations before the failed one stay applied, and another call builds a failed index anew.
absl::Status Migrate(Database& database, absl::Span<const Migration> migrations);

}  // namespace clientele::sql

#endif  // COMMON_SQL_MIGRATION_H_
