#include "common/sql/testing/portable_sql.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PortableSql, AcceptsTheCommonSubset) {
  EXPECT_THAT(PortabilityViolations(R"sql(
    CREATE TABLE a (  -- it's a boolean, like an INTEGER
      id TEXT NOT NULL, n BIGINT, x DOUBLE PRECISION, b BYTEA, PRIMARY KEY (id)
    ) /* sqlite: WITHOUT ROWID */;
    INSERT INTO a (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n
      RETURNING CAST(COALESCE(n, 0) AS BIGINT);
    DELETE FROM a WHERE id IN (SELECT id FROM a WHERE n < $1 ORDER BY n NULLS FIRST LIMIT $2);
    SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), MAX(n), 'LIKE "this"' FROM a LIMIT 5;
  )sql"),
              IsEmpty());
}

TEST(PortableSql, FindsEachThingThatIsNot) {
  for (const char* sql : {
           "SELECT a FROM b WHERE c LIKE $1",
           "select a from b where c glob 'x*'",
           "CREATE TABLE a (id INTEGER PRIMARY KEY)",
           "CREATE TABLE a (id BIGINT AUTOINCREMENT)",
           "CREATE TABLE a (id BIGINT GENERATED ALWAYS AS IDENTITY)",
           "CREATE TABLE a (flag BOOLEAN)",
           "CREATE TABLE a (x REAL)",
           "CREATE TABLE a (x DOUBLE, y TEXT)",
           "CREATE TABLE a (x BLOB)",
           "CREATE TABLE a (t DATETIME)",
           "CREATE TABLE a (x TEXT) WITHOUT ROWID",
           "CREATE TABLE a (x TEXT REFERENCES b (x))",
           "UPDATE a SET x = true",
           "SELECT GREATEST(a, b) FROM c",
           "SELECT MAX(a, b) FROM c",
           "SELECT SUM(a) FROM c",
           "SELECT now()",
           "SELECT IFNULL(a, 0) FROM c",
           "SELECT a FROM c WHERE a = ?",
           "SELECT a FROM c WHERE a = :name",
           "SELECT a::TEXT FROM c",
           "SELECT a FROM c WHERE a == 1",
           "SELECT \"a\" FROM c",
           "SELECT a FROM c FOR UPDATE",
           "INSERT OR REPLACE INTO c VALUES (1)",
           "REPLACE INTO c VALUES (1)",
           "UPDATE c SET a = 1 LIMIT 5",
           "DELETE FROM c WHERE a = 1 ORDER BY a LIMIT 5",
           "PRAGMA user_version",
       }) {
    EXPECT_FALSE(PortabilityViolations(sql).empty()) << sql;
  }
}

TEST(PortableSql, SaysWhatToUseInstead) {
  EXPECT_THAT(PortabilityViolations("SELECT IFNULL(a, 0) FROM c; CREATE TABLE d (x REAL)"),
              ElementsAre("IFNULL() is not portable: use COALESCE",
                          "REAL is not portable: use DOUBLE PRECISION"));
}

TEST(PortableSql, JoinsAdjacentLiteralsOfASourceAndNoOthers) {
  EXPECT_EQ(StringLiterals("// \"a comment\"\n"
                           "constexpr Statement kA = {\"A\", \"SELECT \"\n  \"1 -- \\\"x\\\"\"};\n"
                           "constexpr char kB[] = R\"sql(SELECT \"y\")sql\";"),
            "A;\nSELECT 1 -- \"x\";\nSELECT \"y\"");
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The SQL of a migration, a sql.h or (of a large store) a sql_<noun>.h; "" for other files.
std::string SqlOf(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name == "sql.h" || (name.rfind("sql_", 0) == 0 && path.extension() == ".h")) {
    return StringLiterals(ReadFile(path));
  }
  const bool is_migration =
      path.extension() == ".sql" && path.parent_path().filename() == "migrations";
  return is_migration ? ReadFile(path) : "";
}

TEST(PortableSql, HoldsInEveryStatementAndMigrationOfTheRepository) {
  int checked_count = 0;
  for (const char* root : {"common", "services"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(CLIENTELE_SOURCE_DIR) / root)) {
      const std::string sql = SqlOf(entry.path());
      checked_count += sql.empty() ? 0 : 1;
      EXPECT_THAT(PortabilityViolations(sql), IsEmpty()) << entry.path();
    }
  }
  EXPECT_GE(checked_count, 2) << "the idempotency store alone has a sql.h and a migration";
}

}  // namespace
}  // namespace clientele::sql
