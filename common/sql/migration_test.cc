#include "common/sql/migration.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr Migration kCreateA = {1, "create_a", "CREATE TABLE a (x BIGINT);\n"};
constexpr Migration kCreateB = {1001, "create_b", "CREATE TABLE b (y BIGINT);\n"};
constexpr Migration kCreateC = {1002, "create_c", "CREATE TABLE c (z BIGINT);\n"};

TEST(MergeMigrations, OrdersTheComponentsByVersion) {
  const std::vector<Migration> service = {kCreateB, kCreateC};
  const std::vector<Migration> common = {kCreateA};
  const std::vector<Migration> merged = MergeMigrations({service, common});
  ASSERT_EQ(merged.size(), 3u);
  EXPECT_EQ(merged[0].name, "create_a");
  EXPECT_EQ(merged[1].name, "create_b");
  EXPECT_EQ(merged[2].name, "create_c");
}

TEST(MergeMigrations, DiesOnAVersionThatOccursTwiceOrOutOfOrder) {
  const std::vector<Migration> once = {kCreateA};
  const std::vector<Migration> unordered = {kCreateB, kCreateA};
  EXPECT_DEATH(MergeMigrations({once, once}), "check failed");
  EXPECT_DEATH(MergeMigrations({unordered}), "check failed");
}

TEST(MigrationChecksum, IsOfWhatIsMadeAndNotOfHow) {
  const std::string index = "CREATE INDEX c_by_z ON c (z);\n";
  const std::string later = "-- readable from: 1002\n-- online\n" + index;
  const std::string before = "-- readable from: 1002\n" + index;
  EXPECT_EQ(MigrationChecksum({1003, "index_c", later}),
            MigrationChecksum({1003, "index_c", before}));
  EXPECT_NE(MigrationChecksum({1003, "index_c", index}),
            MigrationChecksum({1003, "index_c", before}));
}

TEST(ReadableFrom, IsWhatTheFirstLineSays) {
  EXPECT_EQ(ReadableFrom({1003, "add_x", "-- readable from: 1002\nALTER TABLE b ADD x TEXT;\n"}),
            1002);
  EXPECT_EQ(ReadableFrom({103, "nothing", "-- readable from: 0102"}), 102);
  EXPECT_EQ(ReadableFrom(kCreateC), 0);
  EXPECT_DEATH(ReadableFrom({1003, "x", "-- readable from: the start\n"}), "check failed");
  EXPECT_DEATH(ReadableFrom({1003, "x", "-- readable from: 0000\n"}), "check failed");
}

}  // namespace
}  // namespace clientele::sql
