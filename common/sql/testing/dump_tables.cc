#include "common/sql/testing/dump_tables.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

using Texts = std::vector<std::string>;

absl::StatusOr<Texts> SelectTexts(Database& database, absl::string_view text) {
  return ReadIn(database, {}, [text](Tx& tx) -> absl::StatusOr<Texts> {
    Texts texts;
    CLIENTELE_RETURN_IF_ERROR(tx.QueryText("Dump", text, {}, [&texts](const Row& row) {
      texts.emplace_back(row.Text(0));
      return absl::OkStatus();
    }));
    return texts;
  });
}

// The rows of `table` as SQL literals.
absl::StatusOr<Texts> DumpOnSqlite(Database& database, const std::string& table) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Texts columns,
      SelectTexts(database, absl::StrCat("SELECT name FROM pragma_table_info('", table, "')")));
  const std::string row =
      absl::StrJoin(columns, " || ' ' || ", [](std::string* out, const std::string& column) {
        absl::StrAppend(out, "'", column, "=' || quote(", column, ")");
      });
  return SelectTexts(database, absl::StrCat("SELECT ", row, " FROM ", table, " ORDER BY 1"));
}

absl::StatusOr<Texts> DumpOnPostgres(Database& database, const std::string& table) {
  return SelectTexts(database,
                     absl::StrCat("SELECT CAST(t AS TEXT) FROM ", table, " AS t ORDER BY 1"));
}

}  // namespace

std::map<std::string, std::vector<std::string>> DumpTables(Database& database) {
  // Only SQLite has this catalogue.
  absl::StatusOr<Texts> tables =
      SelectTexts(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
  const bool is_sqlite = tables.ok();
  if (!is_sqlite) {
    tables = SelectTexts(database,
                         "SELECT CAST(table_name AS TEXT) FROM information_schema.tables "
                         "WHERE table_schema = current_schema()");
  }
  CLIENTELE_CHECK(tables.ok() && !tables->empty());
  std::map<std::string, std::vector<std::string>> dump;
  for (const std::string& table : *tables) {
    absl::StatusOr<Texts> rows =
        is_sqlite ? DumpOnSqlite(database, table) : DumpOnPostgres(database, table);
    CLIENTELE_CHECK(rows.ok());
    dump.emplace(table, *std::move(rows));
  }
  return dump;
}

}  // namespace clientele::sql
