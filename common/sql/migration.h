#ifndef COMMON_SQL_MIGRATION_H_
#define COMMON_SQL_MIGRATION_H_

// Versioned, checksummed, forward-only schema changes.
//
// The files lie in services/<svc>/migrations/NNNN_<what>.sql (and common/*/migrations for tables
// every service has) and are compiled into the binary by clientele_embed_migrations()
// (cmake/Migrations.cmake).

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

// One file. `text` is one or more statements separated by ";\n".
struct Migration {
  int64_t version;         // its NNNN, unique in the service
  absl::string_view name;  // "create_customers"
  absl::string_view text;
};

// What the schema_migration table of a database says beside what the binary knows.
struct SchemaState {
  int64_t current_version;  // 0 = empty database
  int64_t wanted_version;   // the last known migration
  std::vector<int64_t> pending_versions;
};

// Compares the database with `migrations` (ascending versions). FAILED_PRECONDITION SCHEMA_MISMATCH
// when an applied one has another checksum or the database is newer than the binary knows.
absl::StatusOr<SchemaState> InspectSchema(Database& database,
                                          absl::Span<const Migration> migrations);

// Applies the pending ones, each in its own transaction with its schema_migration row; two callers
// at once apply each exactly once. Idempotent. Errors as InspectSchema's plus the database's.
absl::Status Migrate(Database& database, absl::Span<const Migration> migrations);

}  // namespace clientele::sql

#endif  // COMMON_SQL_MIGRATION_H_
