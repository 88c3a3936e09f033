#include "common/sql/postgres_insert.h"

#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

TEST(PostgresInsert, TakesTheRowsFromArrays) {
  EXPECT_EQ(InsertOfArrays("INSERT INTO t (a, b, c) VALUES ($1, $2, 0)", {true, true}),
            "INSERT INTO t (a, b, c) SELECT unnest($1), unnest($2), 0");
  EXPECT_EQ(InsertOfArrays("INSERT INTO t (a, b) VALUES ($2, $1) ON CONFLICT (a) DO NOTHING",
                           {true, true}),
            "INSERT INTO t (a, b) SELECT unnest($2), unnest($1) ON CONFLICT (a) DO NOTHING");
  EXPECT_EQ(
      InsertOfArrays("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
                     {true}),
      "INSERT INTO t (a) SELECT unnest($1) ON CONFLICT (a) DO UPDATE SET b = excluded.b");
}

TEST(PostgresInsert, NamesNoTypeForWhatIsAlwaysNull) {
  EXPECT_EQ(InsertOfArrays("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)", {false, true, false}),
            "INSERT INTO t (a, b, c) SELECT NULL, unnest($2), NULL");
}

TEST(PostgresInsert, LeavesAloneWhatCouldMeanSomethingElse) {
  for (const char* text : {
           "UPDATE t SET a = $1",
           "INSERT INTO t (a) SELECT a FROM u WHERE b = $1",
           "INSERT INTO t (a) VALUES ((SELECT MAX(a) FROM t WHERE b = $1))",
           "INSERT INTO t (a, b) VALUES ($1, '$1')",
           "INSERT INTO t (a) VALUES ($1",
           "INSERT INTO t (a) VALUES ($)",
           "INSERT INTO t (a) VALUES ($2)",
           "INSERT INTO t (a) VALUES ($0)",
           "INSERT INTO t (a) VALUES ($1) RETURNING a",
           "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $1",
           "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING RETURNING a",
       }) {
    EXPECT_EQ(InsertOfArrays(text, {true}), "") << text;
  }
}

TEST(PostgresInsert, CopiesRowsOfParametersInTheirOrder) {
  const std::optional<PostgresCopy> copy = CopyOf("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)");
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->text, "COPY t (a, b, c) FROM STDIN (FORMAT binary)");
  EXPECT_EQ(copy->columns_text, "SELECT a, b, c FROM t LIMIT 0");
}

TEST(PostgresInsert, CopiesNothingElse) {
  for (const char* text : {
           "UPDATE t SET a = $1",
           "INSERT INTO t (a, b) VALUES ($1, 0)",
           "INSERT INTO t (a, b) VALUES ($2, $1)",
           "INSERT INTO t (a, b) VALUES ($1)",
           "INSERT INTO t (a) VALUES ($1, $2)",
           "INSERT INTO t VALUES ($1)",
           "INSERT INTO t (a VALUES ($1)",
           "INSERT INTO t (a) VALUES ($1",
           "INSERT INTO t (a) VALUES ($1) RETURNING a",
           "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING",
       }) {
    EXPECT_FALSE(CopyOf(text).has_value()) << text;
  }
}

TEST(PostgresInsert, NeedsAnArrayToCountTheRowsBy) {
  EXPECT_EQ(InsertOfArrays("INSERT INTO t (a) VALUES ($1)", {false}), "");
  EXPECT_EQ(InsertOfArrays("INSERT INTO t (a) VALUES (1)", {}), "");
}

}  // namespace
}  // namespace clientele::sql
