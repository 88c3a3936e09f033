#include "services/profile/store/sealing_contract.h"

#include <string>
#include <vector>

#include "common/sealing/upkeep.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_store.h"
#include "services/profile/store/sql_clear_texts.h"

namespace clientele::profile {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr sql::Statement kDeleteKey{"DeleteKey", "DELETE FROM customer_key WHERE customer_id = $1"};
// What an earlier release wrote.
constexpr sql::Statement kUnsealFacts{
    "UnsealFacts", "UPDATE customer_fact SET value = 'Ada', value_sealed = NULL"};
constexpr sql::Statement kUnsealIdentifiers{
    "UnsealIdentifiers", "UPDATE customer_identifier SET value = 'a@x.org', value_sealed = NULL"};
constexpr sql::Statement kUnsealRefunds{
    "UnsealRefunds", "UPDATE purchase_refund SET reason = 'broken', reason_sealed = NULL"};

TEST_P(SealingContract, KeepsNoTextOfAPersonInTheClear) {
  CreateBuyer();
  int sealed_count = 0;
  EXPECT_THAT(TextsInTheClear(sealed_count), Each(IsEmpty()));
  EXPECT_EQ(sealed_count, 4);
}

TEST_P(SealingContract, KeepsAmountsAndCountsWithoutTheKeyAndNoText) {
  CreateBuyer();
  Execute(kDeleteKey, {"c-1"});
  const Customer customer = Load("c-1");
  EXPECT_TRUE(customer.shown.at(Attribute::kGivenName).erased);
  EXPECT_EQ(ShownValue(customer.shown, Attribute::kGivenName), "");
  ASSERT_THAT(customer.identifiers, SizeIs(1));
  EXPECT_EQ(customer.identifiers[0].value, "");
  const Purchase purchase = LoadPurchase("c-1", order_.header.id);
  EXPECT_EQ(purchase.header.refunded_minor, 100);
  ASSERT_THAT(purchase.refunds, SizeIs(1));
  EXPECT_EQ(purchase.refunds[0].reason, "");
  EXPECT_EQ(purchase.refunds[0].amount_minor, 100);
  EXPECT_TRUE(Read([&](sql::Tx& tx) {
                const auto facts = ListFacts(tx, vault(), CustomerId("c-1"), std::nullopt, 9);
                EXPECT_TRUE(facts.ok() && facts->size() == 2 && facts->at(0).fact.erased);
                return facts.status();
              }).ok());
}

TEST_P(SealingContract, ReadsAndThenSealsWhatAnEarlierReleaseLeftInTheClear) {
  CreateBuyer();
  Execute(kUnsealFacts);
  Execute(kUnsealIdentifiers);
  Execute(kUnsealRefunds);
  Execute(kDeleteKey, {"c-1"});
  const auto expect_texts = [this] {
    const Customer customer = Load("c-1");
    EXPECT_EQ(ShownValue(customer.shown, Attribute::kGivenName), "Ada");
    EXPECT_EQ(customer.identifiers.at(0).value, "a@x.org");
    EXPECT_EQ(LoadPurchase("c-1", order_.header.id).refunds.at(0).reason, "broken");
  };
  expect_texts();

  const FakeClock clock(kContractNow);
  sealing::Upkeep upkeep(database(), vault(), kTextColumns, LockCustomers, clock);
  while (upkeep.RunPart().value()) {
  }
  int sealed_count = 0;
  EXPECT_THAT(TextsInTheClear(sealed_count), Each(IsEmpty()));
  EXPECT_EQ(sealed_count, 4);
  expect_texts();
}

TEST_P(SealingContract, MakesAKeyForACustomerOfAnEarlierReleaseThatIsChanged) {
  CreateBuyer();
  Execute(kUnsealFacts);
  Execute(kDeleteKey, {"c-1"});
  const CustomerEdit edit{.id = CustomerId("c-1"),
                          .attributes = {{Attribute::kGivenName, "Grace"}},
                          .origin = {.channel = CollectionChannel::kSocial,
                                     .source_system = "shop",
                                     .occur_time = kContractNow + absl::Hours(1)}};
  ASSERT_TRUE(Edit(edit, kContractNow + absl::Hours(1)).ok());
  EXPECT_EQ(ShownValue(Load("c-1").shown, Attribute::kGivenName), "Grace");
}

}  // namespace
}  // namespace clientele::profile
