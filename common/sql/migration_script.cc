#include "common/sql/migration_script.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// With it psql stops at the first error instead of going on.
constexpr absl::string_view kStopOnError = "\\set ON_ERROR_STOP on\n";

// The line that marks an online index.
constexpr absl::string_view kOnline = "-- online";

constexpr absl::string_view kNow =
    "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

std::string InTransaction(absl::string_view schema, absl::string_view statements) {
  return absl::StrCat("BEGIN;\n", SchemaLockText(schema), ";\n", statements, "COMMIT;\n");
}

std::string TellOlderServersText(const Migration& migration) {
  const int64_t readable_from = ReadableFrom(migration);
  return readable_from == 0
             ? ""
             : absl::StrCat("INSERT INTO schema_compatibility (version, readable_from) VALUES (",
                            migration.version, ", ", readable_from, ");\n");
}

std::string RememberText(const Migration& migration) {
  return absl::StrCat("INSERT INTO schema_migration (version, name, checksum, apply_time) VALUES (",
                      migration.version, ", '", migration.name, "', '",
                      MigrationChecksum(migration), "', ", kNow, ");\n",
                      TellOlderServersText(migration));
}

std::string ApplyText(absl::string_view schema, const Migration& migration) {
  const std::string distribute =
      absl::StrCat(migration.citus_text.empty() ? "" : kDistributeOneByOne, migration.citus_text);
  const std::optional<OnlineIndex> index = FindOnlineIndex(migration.text);
  if (!index.has_value()) {
    return InTransaction(schema, absl::StrCat(RememberText(migration), migration.text, distribute));
  }
  return absl::StrCat(
      SchemaSessionLockText(schema), ";\nSELECT '", index->drop_text, "' WHERE EXISTS (",
      InvalidIndexText(absl::StrCat("'", schema, "'"), absl::StrCat("'", index->name, "'")),
      ") \\gexec\n", index->build_text, ";\n",
      InTransaction(schema, absl::StrCat(RememberText(migration), distribute)),
      SchemaUnlockText(schema), ";\n");
}

// An SQL call of one of PostgreSQL's functions of advisory locks.
std::string CallWithSchemaLock(absl::string_view function, absl::string_view schema) {
  return absl::StrCat("SELECT ", function, "(hashtextextended('", SchemaLockName(schema), "', 0))");
}

}  // namespace

std::string SchemaLockName(absl::string_view schema) { return absl::StrCat("clientele ", schema); }

std::string SchemaLockText(absl::string_view schema) {
  return CallWithSchemaLock("pg_advisory_xact_lock", schema);
}

std::string SchemaSessionLockText(absl::string_view schema) {
  return CallWithSchemaLock("pg_advisory_lock", schema);
}

std::string SchemaUnlockText(absl::string_view schema) {
  return CallWithSchemaLock("pg_advisory_unlock", schema);
}

std::optional<OnlineIndex> FindOnlineIndex(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  bool is_online = false;
  std::vector<absl::string_view> code;
  code.reserve(lines.size());
  for (const absl::string_view line : lines) {
    is_online = is_online || line == kOnline;
    if (!absl::StartsWith(line, "--") && !line.empty()) {
      code.push_back(line);
    }
  }
  if (!is_online) {
    return std::nullopt;
  }
  const std::string statement = absl::StrJoin(code, "\n");
  absl::string_view rest = statement;
  const bool is_unique = absl::ConsumePrefix(&rest, "CREATE UNIQUE INDEX ");
  CLIENTELE_CHECK(is_unique || absl::ConsumePrefix(&rest, "CREATE INDEX "));
  CLIENTELE_CHECK(absl::ConsumeSuffix(&rest, ";") && !absl::StrContains(rest, ';'));
  const std::string name(rest.substr(0, rest.find_first_of(" \n")));
  return OnlineIndex{.name = name,
                     .build_text = absl::StrCat("CREATE ", is_unique ? "UNIQUE " : "",
                                                "INDEX CONCURRENTLY IF NOT EXISTS ", rest),
                     .drop_text = absl::StrCat("DROP INDEX CONCURRENTLY ", name)};
}

std::string InvalidIndexText(absl::string_view schema, absl::string_view name) {
  return absl::StrCat(
      "SELECT CAST(1 AS BIGINT) FROM pg_catalog.pg_index i"
      " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE n.nspname = ",
      schema, " AND c.relname = ", name, " AND NOT i.indisvalid");
}

std::string MigrationScript(absl::string_view schema, absl::Span<const Migration> pending) {
  if (pending.empty()) {
    return "";
  }
  const std::string create_schema =
      absl::StrCat("SELECT 'CREATE SCHEMA \"", schema,
                   "\"' WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '",
                   schema, "') \\gexec\n");
  std::string script = absl::StrCat(
      kStopOnError, "SET search_path = \"", schema, "\";\n",
      InTransaction(schema, absl::StrCat(create_schema, kCreateMigrationHistory, ";\n")));
  for (const Migration& migration : pending) {
    absl::StrAppend(&script, "\n-- ", migration.version, " ", migration.name, "\n",
                    ApplyText(schema, migration));
  }
  return script;
}

}  // namespace clientele::sql
