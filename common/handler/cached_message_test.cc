#include "common/handler/cached_message.h"

#include "clientele/common/v1/money.pb.h"
#include "common/handler/testing/handler_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;

TEST(ToReadRule, AsksForNothingUnlessTheCallerDoes) {
  Violations violations;
  const cache::ReadRule any =
      ToReadRule(common::v1::CONSISTENCY_UNSPECIFIED, std::nullopt, violations);
  EXPECT_EQ(any.min_version, 0);
  EXPECT_FALSE(any.strong);
  EXPECT_FALSE(ToReadRule(common::v1::CONSISTENCY_BOUNDED, std::nullopt, violations).strong);
  EXPECT_TRUE(ToReadRule(common::v1::CONSISTENCY_STRONG, std::nullopt, violations).strong);
  EXPECT_EQ(ToReadRule(common::v1::CONSISTENCY_BOUNDED, 7, violations).min_version, 7);
  EXPECT_TRUE(violations.empty());
}

TEST(ToReadRule, RefusesAValueThatIsNoneOfTheEnum) {
  Violations violations;
  ToReadRule(static_cast<common::v1::Consistency>(99), std::nullopt, violations);
  EXPECT_THAT(ViolatedFields(violations.ToStatus()), ElementsAre("consistency"));
}

TEST(MakeRecord, HoldsTheMessage) {
  common::v1::Money money;
  money.set_currency_code("EUR");
  money.set_minor_units(1'250);
  const cache::Record record = MakeRecord(3, money);
  EXPECT_EQ(record.version, 3);
  common::v1::Money read;
  ASSERT_TRUE(ReadRecord(record, read).ok());
  EXPECT_EQ(read.SerializeAsString(), money.SerializeAsString());
}

TEST(ReadRecord, RefusesWhatIsNoMessage) {
  common::v1::Money money;
  EXPECT_EQ(ReadRecord({.version = 1, .payload = "\x0a\xff"}, money).code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace clientele
