#include "common/filter/bound_filter.h"

#include <limits>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;

FieldSet Fields() {
  return FieldSet(
      {StringField("name", "c.name"), Int64Field("order_count", "c.order_count"),
       BoolField("is_member", "c.is_member"), TimestampField("create_time", "c.create_us"),
       EnumField("state", "c.state", {{"ACTIVE", 1}, {"DELETED", 2}}),
       EnumField("rfm.segment", "s.segment", {{"LOYAL", "loyal-v1"}, {"AT_RISK", "at-risk-v1"}})
           .Nullable()});
}

// The value of the only comparison of `text`.
FilterValue ValueOf(absl::string_view text) {
  const absl::StatusOr<BoundFilter> filter = ParseAndBindFilter(text, Fields());
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return filter.ok() ? filter->comparisons.at(0).value : FilterValue();
}

std::vector<std::string> MistakesOf(absl::string_view text) {
  const absl::Status status = ParseAndBindFilter(text, Fields()).status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_FILTER") << text;
  std::vector<std::string> descriptions;
  const ErrorDetails details = GetErrorDetails(status).value_or(ErrorDetails());
  for (const FieldViolation& violation : details.field_violations) {
    EXPECT_EQ(violation.field, "filter");
    descriptions.push_back(violation.description);
  }
  return descriptions;
}

TEST(BindFilter, TurnsValuesIntoTheStoredType) {
  EXPECT_EQ(ValueOf("name = 17850"), FilterValue("17850"));
  EXPECT_EQ(ValueOf("name = \"Ada L\""), FilterValue("Ada L"));
  EXPECT_EQ(ValueOf("order_count < -5"), FilterValue(int64_t{-5}));
  EXPECT_EQ(ValueOf("order_count < 9223372036854775807"),
            FilterValue(std::numeric_limits<int64_t>::max()));
  EXPECT_EQ(ValueOf("is_member = true"), FilterValue(true));
  EXPECT_EQ(ValueOf("is_member != false"), FilterValue(false));
  EXPECT_EQ(ValueOf("create_time >= 1970-01-01T00:00:01.5Z"), FilterValue(int64_t{1'500'000}));
  EXPECT_EQ(ValueOf("create_time >= \"1970-01-01T01:00:00+01:00\""), FilterValue(int64_t{0}));
  EXPECT_EQ(ValueOf("state = DELETED"), FilterValue(int64_t{2}));
  EXPECT_EQ(ValueOf("state = \"DELETED\""), FilterValue(int64_t{2}));
  EXPECT_EQ(ValueOf("rfm.segment = AT_RISK"), FilterValue("at-risk-v1"));
}

TEST(BindFilter, RefusesValuesOfAnotherTypeWhereTheyStand) {
  constexpr char kNumber[] =
      "at character 15: 'order_count' must be compared with a whole number of 64 bits";
  EXPECT_THAT(MistakesOf("order_count = many"), ElementsAre(kNumber));
  EXPECT_THAT(MistakesOf("order_count = 1.5"), ElementsAre(kNumber));
  EXPECT_THAT(MistakesOf("order_count = \"5\""), ElementsAre(kNumber));
  EXPECT_THAT(MistakesOf("order_count = 9223372036854775808"), ElementsAre(kNumber));
  constexpr char kBool[] = "at character 13: 'is_member' must be compared with true or false";
  EXPECT_THAT(MistakesOf("is_member = 1"), ElementsAre(kBool));
  EXPECT_THAT(MistakesOf("is_member = \"true\""), ElementsAre(kBool));
  EXPECT_THAT(MistakesOf("create_time > 2011-12-10"),
              ElementsAre("at character 15: 'create_time' must be compared with an RFC 3339 "
                          "timestamp such as 2011-12-10T08:26:00Z"));
  EXPECT_THAT(MistakesOf("create_time > 2011-02-30T00:00:00Z").size(), 1u);
  EXPECT_THAT(MistakesOf("state = active"),
              ElementsAre("at character 9: 'state' must be compared with one of ACTIVE, DELETED"));
}

TEST(BindFilter, RefusesOperatorsTheFieldDoesNotHave) {
  EXPECT_THAT(MistakesOf("state < ACTIVE"),
              ElementsAre("at character 1: 'state' cannot be compared with <"));
  EXPECT_THAT(MistakesOf("order_count = 1 AND name >= a"),
              ElementsAre("at character 21: 'name' cannot be compared with >="));
}

TEST(BindFilter, AllowsTheOperatorsGivenToAField) {
  const FieldSet fields(
      {StringField("sku", "l.sku").WithOperators({FilterOperator::kGreaterEqual})});
  EXPECT_TRUE(ParseAndBindFilter("sku >= a", fields).ok());
  EXPECT_FALSE(ParseAndBindFilter("sku = a", fields).ok());
}

TEST(BindFilter, NamesTheNearestFieldForAnUnknownOne) {
  EXPECT_THAT(
      MistakesOf("order_cuont = 1"),
      ElementsAre("at character 1: unknown field 'order_cuont'; did you mean 'order_count'?"));
  EXPECT_THAT(MistakesOf("shoe_size = 1"),
              ElementsAre("at character 1: unknown field 'shoe_size'; known are create_time, "
                          "is_member, name, order_count, rfm.segment, state"));
}

TEST(BindFilter, ListsEveryMistakeAtOnceAndTheFirstPosition) {
  const absl::Status status =
      ParseAndBindFilter("nam = a AND state = GONE AND name = ok", Fields()).status();
  const ErrorDetails details = GetErrorDetails(status).value();
  EXPECT_EQ(details.field_violations.size(), 2u);
  EXPECT_EQ(details.metadata.at("position"), "1");
  EXPECT_EQ(status.message(),
            "filter, at character 1: unknown field 'nam'; did you mean 'name'? (and 1 more)");
}

TEST(BindFilter, NeverRepeatsAValueInItsMessage) {
  const absl::Status status = ParseAndBindFilter("state = \"ada@example.com\"", Fields()).status();
  EXPECT_THAT(std::string(status.message()), testing::Not(testing::HasSubstr("ada")));
}

TEST(FieldSetDeathTest, RefusesTablesNoRequestCouldUse) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(FieldSet({StringField("a", "x"), StringField("a", "y")}), "check failed");
  EXPECT_DEATH(FieldSet({StringField("a", "")}), "check failed");
  EXPECT_DEATH(FieldSet({EnumField("a", "x", {})}), "check failed");
  EXPECT_DEATH(FieldSet({EnumField("a", "x", {{"A", 1}, {"B", "b"}})}), "check failed");
}

}  // namespace
}  // namespace clientele
