#include "common/filter/sql.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SqlCondition Compile(absl::string_view text, int first_parameter) {
  const FieldSet fields({EnumField("state", "c.state", {{"ACTIVE", 1}}),
                         TimestampField("create_time", "c.create_us"),
                         StringField("rfm.segment", "s.segment").Nullable()});
  return CompileToSql(ParseAndBindFilter(text, fields).value(), first_parameter);
}

TEST(CompileToSql, NumbersItsParametersFromTheGivenOne) {
  const SqlCondition condition =
      Compile("state = ACTIVE AND create_time >= 1970-01-01T00:00:01Z", 3);
  EXPECT_EQ(condition.text, "c.state = $3 AND c.create_us >= $4");
  EXPECT_THAT(condition.values,
              ElementsAre(FilterValue(int64_t{1}), FilterValue(int64_t{1'000'000})));
}

TEST(CompileToSql, LetsRowsWithoutAValueMatchInequality) {
  EXPECT_EQ(Compile("rfm.segment != LOYAL AND state != ACTIVE", 1).text,
            "(s.segment IS NULL OR s.segment <> $1) AND c.state <> $2");
  EXPECT_EQ(Compile("rfm.segment = LOYAL", 1).text, "s.segment = $1");
}

TEST(CompileToSql, MatchesEverythingWithoutTerms) {
  const SqlCondition condition = Compile("", 1);
  EXPECT_EQ(condition.text, "TRUE");
  EXPECT_THAT(condition.values, IsEmpty());
}

TEST(CompileToSql, NeverPutsAValueIntoTheText) {
  const SqlCondition condition = Compile("rfm.segment = \"'; DROP TABLE customer; --\"", 1);
  EXPECT_EQ(condition.text, "s.segment = $1");
  EXPECT_THAT(condition.values, ElementsAre(FilterValue("'; DROP TABLE customer; --")));
}

}  // namespace
}  // namespace clientele
