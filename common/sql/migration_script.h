#ifndef COMMON_SQL_MIGRATION_SCRIPT_H_
#define COMMON_SQL_MIGRATION_SCRIPT_H_

// Migrations as SQL that a person looks at and runs.
//
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/migration.h"

namespace clientele::sql {

// What everybody who changes `schema` on PostgreSQL takes an advisory lock of: its 64-bit key is
// the hashtextextended(…, 0) of this.
std::string SchemaLockName(absl::string_view schema);

// The statement by which he waits for his turn; the turn ends with the transaction. Not for whom
// another may build an index meanwhile: the build waits for his statement (docs/adr/0120).
std::string SchemaLockText(absl::string_view schema);

// The same turn until the session ends, or until SchemaUnlockText.
std::string SchemaSessionLockText(absl::string_view schema);
std::string SchemaUnlockText(absl::string_view schema);

// An index that is built while servers write.
struct OnlineIndex {
  std::string name;
  // On PostgreSQL, as the only statement of a script outside of a transaction. Does nothing when
  // there is one of this name, so an invalid one is to be dropped before.
  std::string build_text;
  std::string drop_text;
};

// What a migration's text with the line "-- online" builds; nullopt without the line. CHECKs that
// such a text is one CREATE INDEX.
std::optional<OnlineIndex> FindOnlineIndex(absl::string_view text);

// Answers a row for the index that a failed build has left over, which PostgreSQL keeps as invalid:
// `schema` and `name` are SQL, as "$1" or "'complaints'".
std::string InvalidIndexText(absl::string_view schema, absl::string_view name);

// What psql runs to do on PostgreSQL what Migrate does for `pending`, as PendingMigrations answers
// them, in `schema`: each in a transaction of its own with its row of schema_migration, an index
// that is built online before it. Stops when one of them has been applied meanwhile. "" when
// nothing is pending.
std::string MigrationScript(absl::string_view schema, absl::Span<const Migration> pending);

}  // namespace clientele::sql

#endif  // COMMON_SQL_MIGRATION_SCRIPT_H_
