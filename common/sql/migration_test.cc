#include "common/sql/migration.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/sql/sqlite_database.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Migration kCreateA = {1, "create_a",
                                "CREATE TABLE a (x BIGINT NOT NULL, PRIMARY KEY (x));\n"
                                "INSERT INTO a (x) VALUES (1);\n"};
constexpr Migration kCreateB = {1001, "create_b", "CREATE TABLE b (y BIGINT);\n"};
constexpr Migration kBroken = {1002, "broken",
                               "CREATE TABLE c (z BIGINT);\n"
                               "INSERT INTO a (x) VALUES (1);\n"};

class MigrationTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Database> Open() {
    absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = ":memory:"});
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }

  bool TableExists(absl::string_view table) {
    bool exists = false;
    const absl::Status status = database_->RunReadOnly({}, [&](Tx& tx) -> absl::Status {
      const absl::StatusOr<bool> answer = tx.TableExists(table);
      exists = answer.ok() && *answer;
      return answer.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return exists;
  }

  SchemaState Inspect(absl::Span<const Migration> migrations) {
    absl::StatusOr<SchemaState> state = InspectSchema(*database_, migrations);
    EXPECT_TRUE(state.ok()) << state.status();
    return state.ok() ? *std::move(state) : SchemaState{};
  }

  const std::unique_ptr<Database> database_ = Open();
};

TEST_F(MigrationTest, FindsEverythingPendingInAnEmptyDatabase) {
  const SchemaState state = Inspect({kCreateA, kCreateB});
  EXPECT_EQ(state.current_version, 0);
  EXPECT_EQ(state.wanted_version, 1001);
  EXPECT_THAT(state.pending_versions, ElementsAre(1, 1001));
  EXPECT_FALSE(TableExists("schema_migration")) << "inspecting writes nothing";
}

TEST_F(MigrationTest, AppliesWhatIsPendingOnce) {
  ASSERT_TRUE(Migrate(*database_, {kCreateA}).ok());
  ASSERT_TRUE(Migrate(*database_, {kCreateA, kCreateB}).ok());
  ASSERT_TRUE(Migrate(*database_, {kCreateA, kCreateB}).ok());
  EXPECT_TRUE(TableExists("a"));
  EXPECT_TRUE(TableExists("b"));
  const SchemaState state = Inspect({kCreateA, kCreateB});
  EXPECT_EQ(state.current_version, 1001);
  EXPECT_THAT(state.pending_versions, IsEmpty());
}

TEST_F(MigrationTest, AppliesALowerVersionThatCommonGotLater) {
  ASSERT_TRUE(Migrate(*database_, {kCreateB}).ok());
  EXPECT_THAT(Inspect({kCreateA, kCreateB}).pending_versions, ElementsAre(1));
  ASSERT_TRUE(Migrate(*database_, {kCreateA, kCreateB}).ok());
  EXPECT_TRUE(TableExists("a"));
}

TEST_F(MigrationTest, RefusesAMigrationThatWasChangedAfterwards) {
  ASSERT_TRUE(Migrate(*database_, {kCreateA}).ok());
  Migration changed = kCreateA;
  changed.text = "CREATE TABLE a (x TEXT);\n";
  const absl::Status status = Migrate(*database_, {changed, kCreateB});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(status), "SCHEMA_MISMATCH");
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("version"), "1");
  EXPECT_FALSE(TableExists("b"));
}

TEST_F(MigrationTest, RefusesADatabaseNewerThanTheBinary) {
  ASSERT_TRUE(Migrate(*database_, {kCreateA, kCreateB}).ok());
  const auto state = InspectSchema(*database_, {kCreateA});
  EXPECT_EQ(GetErrorReason(state.status()), "SCHEMA_MISMATCH");
  EXPECT_THAT(std::string(state.status().message()), HasSubstr("too old"));
}

TEST_F(MigrationTest, KeepsNothingOfAMigrationThatFailsAndAllBeforeIt) {
  EXPECT_FALSE(Migrate(*database_, {kCreateA, kCreateB, kBroken}).ok());
  EXPECT_TRUE(TableExists("b"));
  EXPECT_FALSE(TableExists("c"));
  EXPECT_THAT(Inspect({kCreateA, kCreateB, kBroken}).pending_versions, ElementsAre(1002));
}

TEST_F(MigrationTest, AppliesEachOnceForManyCallersAtOnce) {
  const std::vector<Migration> migrations = {kCreateA, kCreateB};
  std::vector<absl::Status> statuses(8);
  std::vector<std::thread> threads;
  threads.reserve(statuses.size());
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] { status = Migrate(*database_, migrations); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const absl::Status& status : statuses) {
    EXPECT_TRUE(status.ok()) << status;
  }
}

TEST(MergeMigrations, OrdersTheComponentsByVersion) {
  const std::vector<Migration> service = {kCreateB, kBroken};
  const std::vector<Migration> common = {kCreateA};
  const std::vector<Migration> merged = MergeMigrations({service, common});
  ASSERT_EQ(merged.size(), 3u);
  EXPECT_EQ(merged[0].name, "create_a");
  EXPECT_EQ(merged[1].name, "create_b");
  EXPECT_EQ(merged[2].name, "broken");
}

TEST(MergeMigrations, DiesOnAVersionThatOccursTwiceOrOutOfOrder) {
  const std::vector<Migration> once = {kCreateA};
  const std::vector<Migration> unordered = {kCreateB, kCreateA};
  EXPECT_DEATH(MergeMigrations({once, once}), "check failed");
  EXPECT_DEATH(MergeMigrations({unordered}), "check failed");
}

}  // namespace
}  // namespace clientele::sql
