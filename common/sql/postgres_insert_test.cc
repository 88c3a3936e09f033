#include "common/sql/postgres_insert.h"

#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

TEST(PostgresInsert, RepeatsTheRowWithNumbersOfItsOwn) {
  EXPECT_EQ(InsertOfManyRows("INSERT INTO t (a, b, c) VALUES ($1, $2, 0)", 2, 3),
            "INSERT INTO t (a, b, c) VALUES ($1, $2, 0), ($3, $4, 0), ($5, $6, 0)");
  EXPECT_EQ(
      InsertOfManyRows("INSERT INTO t (a, b) VALUES ($2, $1) ON CONFLICT (a) DO NOTHING", 2, 2),
      "INSERT INTO t (a, b) VALUES ($2, $1), ($4, $3) ON CONFLICT (a) DO NOTHING");
  EXPECT_EQ(InsertOfManyRows(
                "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = excluded.b", 1, 2),
            "INSERT INTO t (a) VALUES ($1), ($2) ON CONFLICT (a) DO UPDATE SET b = excluded.b");
  EXPECT_EQ(InsertOfManyRows("INSERT INTO t (a) VALUES ($1)", 1, 11).substr(70),
            "), ($9), ($10), ($11)");
}

TEST(PostgresInsert, LeavesAloneWhatCouldMeanSomethingElse) {
  for (const char* text : {
           "UPDATE t SET a = $1",
           "INSERT INTO t (a) SELECT a FROM u WHERE b = $1",
           "INSERT INTO t (a) VALUES ((SELECT MAX(a) FROM t WHERE b = $1))",
           "INSERT INTO t (a, b) VALUES ($1, '$1')",
           "INSERT INTO t (a) VALUES ($1",
           "INSERT INTO t (a) VALUES ($)",
           "INSERT INTO t (a) VALUES ($1) RETURNING a",
           "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $1",
           "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING RETURNING a",
       }) {
    EXPECT_EQ(InsertOfManyRows(text, 1, 2), "") << text;
  }
}

}  // namespace
}  // namespace clientele::sql
