#ifndef COMMON_SQL_MIGRATION_SCRIPT_H_
#define COMMON_SQL_MIGRATION_SCRIPT_H_

// Migrations as SQL that a person looks at and runs.
//
// Thread safety: pure functions.

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/migration.h"

namespace clientele::sql {

// The statement by which everybody who changes `schema` on PostgreSQL waits for his turn; the turn
// ends with the transaction.
std::string SchemaLockText(absl::string_view schema);

// What psql runs to do on PostgreSQL what Migrate does for `pending`, as PendingMigrations answers
// them, in `schema`: each in a transaction of its own with its row of schema_migration. Stops when
// one of them has been applied meanwhile. "" when nothing is pending.
std::string MigrationScript(absl::string_view schema, absl::Span<const Migration> pending);

}  // namespace clientele::sql

#endif  // COMMON_SQL_MIGRATION_SCRIPT_H_
