#include "common/sql/migration_script.h"

#include "absl/strings/str_cat.h"

namespace clientele::sql {
namespace {

// With it psql stops at the first error instead of going on.
constexpr absl::string_view kStopOnError = "\\set ON_ERROR_STOP on\n";

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

std::string ApplyText(const Migration& migration) {
  return absl::StrCat(
      "INSERT INTO schema_migration (version, name, checksum, apply_time) VALUES (",
      migration.version, ", '", migration.name, "', '", MigrationChecksum(migration), "', ", kNow,
      ");\n", TellOlderServersText(migration), migration.text,
      migration.citus_text.empty() ? "" : kDistributeOneByOne, migration.citus_text);
}

}  // namespace

std::string SchemaLockText(absl::string_view schema) {
  return absl::StrCat("SELECT pg_advisory_xact_lock(hashtextextended('clientele ", schema,
                      "', 0))");
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
                    InTransaction(schema, ApplyText(migration)));
  }
  return script;
}

}  // namespace clientele::sql
