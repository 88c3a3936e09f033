#include "common/sql/migration_contract.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "gmock/gmock.h"

namespace clientele::sql {

bool MigrationContract::TableExists(absl::string_view table) {
  bool exists = false;
  const absl::Status status = database().RunReadOnly({}, [&](Tx& tx) -> absl::Status {
    const absl::StatusOr<bool> answer = tx.TableExists(table);
    exists = answer.ok() && *answer;
    return answer.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return exists;
}

SchemaState MigrationContract::Inspect(absl::Span<const Migration> migrations) {
  absl::StatusOr<SchemaState> state = InspectSchema(database(), migrations);
  EXPECT_TRUE(state.ok()) << state.status();
  return state.ok() ? *std::move(state) : SchemaState{};
}

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Migration kCreateA = {1, "create_a",
                                "CREATE TABLE a (x BIGINT NOT NULL, PRIMARY KEY (x));\n"
                                "INSERT INTO a (x) VALUES (1);\n"};
constexpr Migration kCreateB = {1001, "create_b", "CREATE TABLE b (y BIGINT);\n"};
constexpr Migration kExpandA = {2, "expand_a",
                                "-- readable from: 0001\nALTER TABLE a ADD COLUMN y BIGINT;\n"};
constexpr Migration kIndexB = {1003, "index_b",
                               "-- readable from: 1001\n-- online\n"
                               "CREATE UNIQUE INDEX b_by_y ON b (y);\n"};
constexpr Migration kContractA = {3, "contract_a",
                                  "-- readable from: 0002\nALTER TABLE a ADD COLUMN z BIGINT;\n"};
constexpr Migration kBroken = {1002, "broken",
                               "CREATE TABLE c (z BIGINT);\n"
                               "INSERT INTO a (x) VALUES (1);\n"};

TEST_P(MigrationContract, FindsEverythingPendingInAnEmptyDatabase) {
  const SchemaState state = Inspect({kCreateA, kCreateB});
  EXPECT_EQ(state.current_version, 0);
  EXPECT_EQ(state.wanted_version, 1001);
  EXPECT_THAT(state.pending_versions, ElementsAre(1, 1001));
  EXPECT_FALSE(TableExists("schema_migration")) << "inspecting writes nothing";
}

TEST_P(MigrationContract, AppliesWhatIsPendingOnce) {
  ASSERT_TRUE(Migrate(database(), {kCreateA}).ok());
  ASSERT_TRUE(Migrate(database(), {kCreateA, kCreateB}).ok());
  ASSERT_TRUE(Migrate(database(), {kCreateA, kCreateB}).ok());
  EXPECT_TRUE(TableExists("a"));
  EXPECT_TRUE(TableExists("b"));
  const SchemaState state = Inspect({kCreateA, kCreateB});
  EXPECT_EQ(state.current_version, 1001);
  EXPECT_THAT(state.pending_versions, IsEmpty());
}

TEST_P(MigrationContract, AppliesALowerVersionThatCommonGotLater) {
  ASSERT_TRUE(Migrate(database(), {kCreateB}).ok());
  EXPECT_THAT(Inspect({kCreateA, kCreateB}).pending_versions, ElementsAre(1));
  ASSERT_TRUE(Migrate(database(), {kCreateA, kCreateB}).ok());
  EXPECT_TRUE(TableExists("a"));
}

TEST_P(MigrationContract, RefusesAMigrationThatWasChangedAfterwards) {
  ASSERT_TRUE(Migrate(database(), {kCreateA}).ok());
  Migration changed = kCreateA;
  changed.text = "CREATE TABLE a (x TEXT);\n";
  const absl::Status status = Migrate(database(), {changed, kCreateB});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(status), "SCHEMA_MISMATCH");
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("version"), "1");
  EXPECT_FALSE(TableExists("b"));
}

TEST_P(MigrationContract, RefusesADatabaseNewerThanTheBinary) {
  ASSERT_TRUE(Migrate(database(), {kCreateA, kCreateB}).ok());
  const auto state = InspectSchema(database(), {kCreateA});
  EXPECT_EQ(GetErrorReason(state.status()), "SCHEMA_MISMATCH");
  EXPECT_THAT(std::string(state.status().message()), HasSubstr("too old"));
}

TEST_P(MigrationContract, TakesADatabaseThatIsNewerAndReadable) {
  ASSERT_TRUE(Migrate(database(), {kCreateA, kExpandA}).ok());
  const SchemaState state = Inspect({kCreateA});
  EXPECT_EQ(state.current_version, 2);
  EXPECT_THAT(state.pending_versions, IsEmpty());
  EXPECT_TRUE(Migrate(database(), {kCreateA}).ok()) << "after a rollback";
  EXPECT_THAT(Inspect({kCreateA, kCreateB}).pending_versions, ElementsAre(1001));
}

TEST_P(MigrationContract, RefusesWhatIsReadableByServersInBetweenOnly) {
  ASSERT_TRUE(Migrate(database(), {kCreateA, kExpandA, kContractA}).ok());
  EXPECT_THAT(Inspect({kCreateA, kExpandA}).pending_versions, IsEmpty());
  const auto state = InspectSchema(database(), {kCreateA});
  EXPECT_EQ(GetErrorReason(state.status()), "SCHEMA_MISMATCH");
  EXPECT_EQ(GetErrorDetails(state.status())->metadata.at("version"), "3");
}

TEST_P(MigrationContract, TellsOlderServersOnlyOfWhatWasApplied) {
  constexpr Migration kFailing = {1002, "failing",
                                  "-- readable from: 0001\nINSERT INTO nowhere (x) VALUES (1);\n"};
  ASSERT_FALSE(Migrate(database(), {kCreateA, kFailing}).ok());
  constexpr Migration kRepaired = {1002, "repaired", "CREATE TABLE d (x BIGINT);\n"};
  ASSERT_TRUE(Migrate(database(), {kCreateA, kRepaired}).ok());
  EXPECT_EQ(GetErrorReason(InspectSchema(database(), {kCreateA}).status()), "SCHEMA_MISMATCH");
}

TEST_P(MigrationContract, GoesOnFromAHistoryThatKnewOfNoOlderServers) {
  ASSERT_TRUE(Migrate(database(), {kCreateA}).ok());
  ASSERT_TRUE(
      database()
          .RunInTransaction(
              {}, [](Tx& tx) { return tx.ExecuteSchema("DROP TABLE schema_compatibility;\n"); })
          .ok());
  EXPECT_THAT(Inspect({kCreateA, kExpandA}).pending_versions, ElementsAre(2));
  ASSERT_TRUE(Migrate(database(), {kCreateA, kExpandA}).ok());
  EXPECT_THAT(Inspect({kCreateA}).pending_versions, IsEmpty());
}

TEST_P(MigrationContract, KeepsNothingOfAMigrationThatFailsAndAllBeforeIt) {
  EXPECT_FALSE(Migrate(database(), {kCreateA, kCreateB, kBroken}).ok());
  EXPECT_TRUE(TableExists("b"));
  EXPECT_FALSE(TableExists("c"));
  EXPECT_THAT(Inspect({kCreateA, kCreateB, kBroken}).pending_versions, ElementsAre(1002));
}

TEST_P(MigrationContract, RunsTheTextForCitusOnCitusOnly) {
  Migration migration = kCreateA;
  migration.citus_text = "SELECT create_reference_table('a');\nCREATE TABLE on_citus (x BIGINT);\n";
  const absl::StatusOr<std::vector<Migration>> pending = PendingMigrations(database(), {migration});
  ASSERT_TRUE(pending.ok()) << pending.status();
  ASSERT_EQ(pending->size(), 1u);
  EXPECT_EQ(pending->front().citus_text, IsCitus(database()) ? migration.citus_text : "");
  ASSERT_TRUE(Migrate(database(), {migration}).ok());
  EXPECT_TRUE(TableExists("a"));
  EXPECT_EQ(TableExists("on_citus"), IsCitus(database()));
}

TEST_P(MigrationContract, KeepsNothingOfAMigrationThatCitusCannotDistribute) {
  Migration migration = kCreateA;
  migration.citus_text = "SELECT create_distributed_table('a', 'no_such_column');\n";
  EXPECT_EQ(Migrate(database(), {migration}).ok(), !IsCitus(database()));
  EXPECT_EQ(TableExists("a"), !IsCitus(database()));
}

TEST_P(MigrationContract, TakesATextForCitusThatComesLaterThanTheMigration) {
  ASSERT_TRUE(Migrate(database(), {kCreateA}).ok());
  Migration migration = kCreateA;
  migration.citus_text = "SELECT create_reference_table('a');\n";
  EXPECT_THAT(Inspect({migration}).pending_versions, IsEmpty());
}

TEST_P(MigrationContract, RemembersAnIndexBuiltOnlineAndWhoCanReadIt) {
  ASSERT_TRUE(Migrate(database(), {kCreateB, kIndexB}).ok());
  EXPECT_THAT(Inspect({kCreateB, kIndexB}).pending_versions, IsEmpty());
  EXPECT_THAT(Inspect({kCreateB}).pending_versions, IsEmpty());
  const absl::Status twice = database().RunInTransaction(
      {}, [](Tx& tx) { return tx.ExecuteSchema("INSERT INTO b (y) VALUES (2), (2);\n"); });
  EXPECT_FALSE(twice.ok()) << "the index is unique";
}

// A caller who waits for his turn must not keep the index of another from being built.
TEST_P(MigrationContract, AppliesEachOnceForManyCallersAtOnce) {
  const std::vector<Migration> migrations = {kCreateA, kCreateB, kIndexB};
  std::vector<absl::Status> statuses(8);
  std::vector<std::thread> threads;
  threads.reserve(statuses.size());
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] { status = Migrate(database(), migrations); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const absl::Status& status : statuses) {
    EXPECT_TRUE(status.ok()) << status;
  }
}

}  // namespace
}  // namespace clientele::sql
