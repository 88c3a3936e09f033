#include "common/sql/migration_script.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Migration kCreateA = {1, "create_a", "CREATE TABLE a (x BIGINT);\n"};
constexpr Migration kCreateB = {1001, "create_b", "CREATE TABLE b (y BIGINT);\n"};

TEST(MigrationScript, IsEmptyWhenNothingIsPending) { EXPECT_EQ(MigrationScript("thing", {}), ""); }

TEST(MigrationScript, AppliesEachInATransactionWithItsRowOfTheHistory) {
  const std::string script = MigrationScript("thing", {kCreateA, kCreateB});
  EXPECT_THAT(script, HasSubstr("SET search_path = \"thing\";\n"));
  EXPECT_THAT(script, HasSubstr("CREATE TABLE IF NOT EXISTS schema_migration ("));
  EXPECT_THAT(script, HasSubstr("\n-- 1 create_a\nBEGIN;\n" + SchemaLockText("thing") +
                                ";\nINSERT INTO schema_migration (version, name, checksum, "
                                "apply_time) VALUES (1, 'create_a', '" +
                                MigrationChecksum(kCreateA) + "', "));
  EXPECT_THAT(script, EndsWith(");\nCREATE TABLE b (y BIGINT);\nCOMMIT;\n"));
}

TEST(MigrationScript, TellsOlderServersThatTheyCanReadIt) {
  constexpr Migration kAddX = {1002, "add_x",
                               "-- readable from: 1001\nALTER TABLE b ADD COLUMN x TEXT;\n"};
  EXPECT_THAT(
      MigrationScript("thing", {kAddX}),
      HasSubstr(");\nINSERT INTO schema_compatibility (version, readable_from) VALUES (1002, "
                "1001);\n-- readable from: 1001\nALTER TABLE"));
  EXPECT_THAT(MigrationScript("thing", {kCreateA}),
              Not(HasSubstr("INSERT INTO schema_compatibility")));
}

TEST(MigrationScript, DistributesTheTablesInTheSameTransaction) {
  Migration distributed = kCreateA;
  distributed.citus_text = "SELECT create_reference_table('a');\n";
  EXPECT_THAT(MigrationScript("thing", {distributed}),
              EndsWith(");\nCREATE TABLE a (x BIGINT);\n"
                       "SET LOCAL citus.multi_shard_modify_mode TO 'sequential';\n"
                       "SELECT create_reference_table('a');\nCOMMIT;\n"));
  EXPECT_THAT(MigrationScript("thing", {kCreateA}), Not(HasSubstr("citus")));
}

}  // namespace
}  // namespace clientele::sql
