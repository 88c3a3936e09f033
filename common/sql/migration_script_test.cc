#include "common/sql/migration_script.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::AllOf;
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

constexpr Migration kIndexB = {1002, "index_b",
                               "-- readable from: 1001\n-- online\n-- Why it is there.\n"
                               "CREATE INDEX b_by_y\n  ON b (y);\n"};

TEST(MigrationScript, BuildsAnOnlineIndexOutsideOfATransactionUnderTheLock) {
  EXPECT_THAT(MigrationScript("thing", {kIndexB}),
              AllOf(HasSubstr("\n-- 1002 index_b\n" + SchemaSessionLockText("thing") +
                              ";\nSELECT 'DROP INDEX CONCURRENTLY b_by_y' WHERE EXISTS (" +
                              InvalidIndexText("'thing'", "'b_by_y'") +
                              ") \\gexec\nCREATE INDEX CONCURRENTLY IF NOT EXISTS b_by_y\n"
                              "  ON b (y);\nBEGIN;\n" +
                              SchemaLockText("thing") + ";\nINSERT INTO schema_migration "),
                    EndsWith("(version, readable_from) VALUES (1002, 1001);\nCOMMIT;\n" +
                             SchemaUnlockText("thing") + ";\n")));
}

TEST(FindOnlineIndex, IsOfATextWithTheLineThatIsOneCreateIndex) {
  EXPECT_FALSE(FindOnlineIndex(kCreateA.text).has_value());
  EXPECT_FALSE(FindOnlineIndex("-- not -- online\nCREATE INDEX i ON a (x);\n").has_value());
  const auto unique = FindOnlineIndex("-- online\nCREATE UNIQUE INDEX i ON a (x);\n");
  ASSERT_TRUE(unique.has_value());
  EXPECT_EQ(unique->name, "i");
  EXPECT_EQ(unique->build_text, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (x)");
  EXPECT_DEATH(FindOnlineIndex("-- online\nCREATE TABLE a (x BIGINT);\n"), "check failed");
  EXPECT_DEATH(FindOnlineIndex("-- online\nCREATE INDEX i ON a (x);\nDROP TABLE b;\n"),
               "check failed");
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
