// Indexes that PostgreSQL builds while servers write.

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr Migration kCreateEntry = {1, "create_entry", "CREATE TABLE entry (x BIGINT NOT NULL);\n"};
constexpr Migration kIndexEntry = {2, "index_entry",
                                   "-- online\nCREATE UNIQUE INDEX entry_by_x ON entry (x);\n"};
constexpr Statement kInsertEntry = {"InsertEntry", "INSERT INTO entry (x) VALUES ($1)"};
constexpr Statement kDeleteEntry = {"DeleteEntry", "DELETE FROM entry WHERE x = $1"};

class PostgresOnline : public ::testing::Test {
 protected:
  absl::Status Write(const Statement& statement, int64_t x) {
    return database_->RunInTransaction(
        {.deadline = absl::Now() + absl::Seconds(10)},
        [&statement, x](Tx& tx) { return tx.Execute(statement, {x}).status(); });
  }

  // What there is of the table's index.
  struct Indexes {
    int64_t valid_count = 0;
    int64_t invalid_count = 0;
  };

  Indexes CountIndexes() {
    Indexes indexes;
    const absl::Status status = database_->RunReadOnly({}, [&](Tx& tx) {
      return tx.QueryText("CountIndexes",
                          "SELECT CAST(COUNT(CASE WHEN indisvalid THEN 1 END) AS BIGINT), COUNT(*)"
                          " FROM pg_index WHERE indrelid = 'entry'::regclass",
                          {}, [&indexes](const Row& row) {
                            indexes = {row.Int64(0), row.Int64(1) - row.Int64(0)};
                            return absl::OkStatus();
                          });
    });
    EXPECT_TRUE(status.ok()) << status;
    return indexes;
  }

  // Asks the server until it builds an index in our schema and waits.
  bool AwaitBuild() {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    bool is_waiting = false;
    while (!is_waiting && absl::Now() < end) {
      const absl::Status status = database_->RunReadOnly({}, [&](Tx& tx) {
        return tx.QueryText("FindBuild",
                            "SELECT COUNT(*) FROM pg_stat_progress_create_index"
                            " WHERE relid = 'entry'::regclass AND phase LIKE 'waiting%'",
                            {}, [&is_waiting](const Row& row) {
                              is_waiting = row.Int64(0) > 0;
                              return absl::OkStatus();
                            });
      });
      EXPECT_TRUE(status.ok()) << status;
    }
    return is_waiting;
  }

  const std::unique_ptr<Database> database_ = OpenTestPostgres({&kCreateEntry, 1});
};

TEST_F(PostgresOnline, WritersGoOnWhileAnIndexIsBuilt) {
  absl::Status migrated;
  std::thread migrate;
  // The build waits for this writer, who began before it.
  const absl::Status status = database_->RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kInsertEntry, {int64_t{1}}).status());
    migrate = std::thread([&] { migrated = Migrate(*database_, {kCreateEntry, kIndexEntry}); });
    EXPECT_TRUE(AwaitBuild());
    EXPECT_TRUE(Write(kInsertEntry, 2).ok()) << "a plain CREATE INDEX would keep it waiting";
    return absl::OkStatus();
  });
  migrate.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(migrated.ok()) << migrated;
  EXPECT_EQ(CountIndexes().valid_count, 1);
}

TEST_F(PostgresOnline, WhatAFailedBuildLeftOverIsBuiltAnew) {
  ASSERT_TRUE(Write(kInsertEntry, 1).ok());
  ASSERT_TRUE(Write(kInsertEntry, 1).ok());
  EXPECT_FALSE(Migrate(*database_, {kCreateEntry, kIndexEntry}).ok());
  EXPECT_EQ(CountIndexes().invalid_count, 1);
  const auto state = InspectSchema(*database_, {kCreateEntry, kIndexEntry});
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->pending_versions.size(), 1u) << "it counts only when it is there";

  ASSERT_TRUE(Write(kDeleteEntry, 1).ok());
  const absl::Status again = Migrate(*database_, {kCreateEntry, kIndexEntry});
  EXPECT_TRUE(again.ok()) << again;
  EXPECT_EQ(CountIndexes().valid_count, 1);
  EXPECT_EQ(CountIndexes().invalid_count, 0);
}

TEST_F(PostgresOnline, AnIndexThatIsThereAlreadyIsTakenAsBuilt) {
  const absl::Status made = database_->RunInTransaction(
      {}, [](Tx& tx) { return tx.ExecuteSchema("CREATE UNIQUE INDEX entry_by_x ON entry (x)"); });
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_TRUE(Migrate(*database_, {kCreateEntry, kIndexEntry}).ok());
  EXPECT_EQ(CountIndexes().valid_count, 1);
}

TEST_F(PostgresOnline, TheLockIsFreeAgainAfterAFailedBuild) {
  ASSERT_TRUE(Write(kInsertEntry, 1).ok());
  ASSERT_TRUE(Write(kInsertEntry, 1).ok());
  EXPECT_FALSE(Migrate(*database_, {kCreateEntry, kIndexEntry}).ok());
  int64_t held_count = -1;
  const absl::Status counted = database_->RunReadOnly({}, [&held_count](Tx& tx) {
    return tx.QueryText("CountLocks",
                        "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'"
                        " AND objid = CAST(hashtextextended('clientele ' || current_schema(), 0)"
                        " & 4294967295 AS oid)",
                        {}, [&held_count](const Row& row) {
                          held_count = row.Int64(0);
                          return absl::OkStatus();
                        });
  });
  EXPECT_TRUE(counted.ok()) << counted;
  EXPECT_EQ(held_count, 0);
}

}  // namespace
}  // namespace clientele::sql
