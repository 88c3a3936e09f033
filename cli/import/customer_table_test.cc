#include "cli/import/customer_table.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;

int32_t AddNew(CustomerTable& table, absl::string_view key) {
  CustomerTable::Lookup lookup = table.Find(key);
  EXPECT_TRUE(lookup.new_id.has_value()) << key;
  return table.Add(key, lookup.new_id.value_or("?"));
}

TEST(MakeCustomerId, JoinsSourceAndSlug) {
  EXPECT_EQ(MakeCustomerId("online-retail", "17850.0"), "online-retail-17850-0");
  EXPECT_EQ(MakeCustomerId("rfm-orders", "Abbey O'Reilly"), "rfm-orders-abbey-o-reilly");
}

TEST(MakeCustomerId, RefusesWhatTheContractRefuses) {
  EXPECT_EQ(MakeCustomerId("csv", "..."), std::nullopt);
  EXPECT_EQ(MakeCustomerId("csv", ""), std::nullopt);
  EXPECT_EQ(MakeCustomerId("s", "1"), "s-1");
  EXPECT_TRUE(MakeCustomerId("csv", std::string(59, 'x')).has_value());
  EXPECT_EQ(MakeCustomerId("csv", std::string(60, 'x')), std::nullopt);
}

TEST(CustomerTable, FindsASpellingAgain) {
  StringPool strings;
  CustomerTable table("csv", strings);
  const int32_t index = AddNew(table, "Ann Lee");
  EXPECT_EQ(table.Find("Ann Lee").index, index);
  EXPECT_EQ(table.all()[index].customer_id, "csv-ann-lee");
  EXPECT_EQ(table.all()[index].customer_key, "Ann Lee");
  EXPECT_THAT(table.all()[index].aliases, ElementsAre("Ann Lee"));
}

TEST(CustomerTable, RejectsASecondSpellingOfOneId) {
  StringPool strings;
  CustomerTable table("csv", strings);
  AddNew(table, "Ann Lee");
  const CustomerTable::Lookup lookup = table.Find("ann-lee");
  ASSERT_TRUE(lookup.rejection.has_value());
  EXPECT_EQ(lookup.rejection->reason, RejectReason::kCustomerIdCollision);
  EXPECT_FALSE(lookup.index.has_value());
  EXPECT_FALSE(lookup.new_id.has_value());
}

TEST(CustomerTable, GivesIntegerAliasesThatNobodyElseAnswersTo) {
  StringPool strings;
  CustomerTable table("online-retail", strings);
  const int32_t plain = AddNew(table, "17850.0");
  const int32_t taken = AddNew(table, "12346.0");
  const int32_t integer = AddNew(table, "12346");
  const int32_t longer = AddNew(table, "17850.00");
  const int32_t fraction = AddNew(table, "12347.5");
  table.AddIntegerAliases();
  EXPECT_THAT(table.all()[plain].aliases, ElementsAre("17850.0", "17850"));
  EXPECT_THAT(table.all()[taken].aliases, ElementsAre("12346.0"));
  EXPECT_THAT(table.all()[integer].aliases, ElementsAre("12346"));
  EXPECT_THAT(table.all()[longer].aliases, ElementsAre("17850.00"));
  EXPECT_THAT(table.all()[fraction].aliases, ElementsAre("12347.5"));
}

}  // namespace
}  // namespace clientele::cli
