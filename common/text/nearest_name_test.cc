#include "common/text/nearest_name.h"

#include <vector>

#include "gtest/gtest.h"

namespace clientele {
namespace {

const std::vector<std::string> kNames = {"commercial_status", "create_time", "update_time", "id"};

TEST(NearestName, FindsTheNameThatWasMeant) {
  EXPECT_EQ(NearestName(kNames, "comercial_status"), "commercial_status");
  EXPECT_EQ(NearestName(kNames, "commercialstatus"), "commercial_status");
  EXPECT_EQ(NearestName(kNames, "creat_tim"), "create_time");
  EXPECT_EQ(NearestName(kNames, "updated_time"), "update_time");
  EXPECT_EQ(NearestName(kNames, "ids"), "id");
}

TEST(NearestName, SuggestsNothingFarFetched) {
  EXPECT_EQ(NearestName(kNames, "postcode"), std::nullopt);
  EXPECT_EQ(NearestName(kNames, "xy"), std::nullopt);
  EXPECT_EQ(NearestName(kNames, ""), std::nullopt);
  EXPECT_EQ(NearestName({}, "id"), std::nullopt);
}

TEST(NearestName, StandsInTheSentenceAboutWhatThereIsNot) {
  EXPECT_EQ(UnknownName("field", "creat_tim", kNames),
            "there is no field 'creat_tim'; did you mean 'create_time'?");
  EXPECT_EQ(UnknownName("field", "postcode", kNames), "there is no field 'postcode'");
}

TEST(NearestName, TakesTheFirstOfEquals) {
  EXPECT_EQ(NearestName({"port_a", "port_b"}, "port_c"), "port_a");
}

TEST(NearestName, IgnoresNamesAboveTheLimit) {
  const std::string longest(kNearestNameBytesMax, 'a');
  EXPECT_EQ(NearestName({longest}, longest), longest);
  EXPECT_EQ(NearestName({longest + "a"}, longest), std::nullopt);
  EXPECT_EQ(NearestName({longest}, longest + "a"), std::nullopt);
}

}  // namespace
}  // namespace clientele
