#include "services/profile/domain/purchase.h"

#include <string>

#include "common/ids/etag.h"
#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/profile/domain/identifier.h"

namespace clientele::profile {
namespace {

Purchase MakePurchase() {
  return {.header = {.customer_id = CustomerId("c-1"),
                     .source_system = "shop",
                     .order_number = "1",
                     .occur_time = absl::FromUnixSeconds(1'700'000'000),
                     .currency = *CurrencyCode::Parse("GBP")},
          .lines = {{.line_number = 1, .sku = "a", .quantity = 6, .unit_price_micros = 2'550'000},
                    {.line_number = 2, .sku = "b", .quantity = 3, .unit_price_micros = 335'000}}};
}

TEST(PurchaseIdOf, IsTheSameForEverAndDiffersBySystem) {
  EXPECT_EQ(PurchaseIdOf("online-retail", "536365"), PurchaseIdOf("online-retail", "536365"));
  EXPECT_NE(PurchaseIdOf("online-retail", "536365"), PurchaseIdOf("shop", "536365"));
  // Golden: changing it would record every order twice.
  EXPECT_EQ(PurchaseIdOf("online-retail", "536365").value(),
            "7e93c083-701a-56f9-9e91-4fa602b176bc");
}

TEST(ComputeTotals, RoundsEachLineHalfAwayFromZero) {
  Purchase purchase = MakePurchase();
  ASSERT_TRUE(ComputeTotals(purchase).ok());
  EXPECT_EQ(purchase.lines[0].gross_minor, 1530);
  EXPECT_EQ(purchase.lines[1].gross_minor, 101);  // 1.005
  EXPECT_EQ(purchase.header.gross_minor, 1631);
  EXPECT_EQ(purchase.header.unit_count, 9);
  EXPECT_EQ(purchase.header.line_count, 2);
}

TEST(ComputeTotals, RefusesWhatDoesNotFit) {
  Purchase purchase = MakePurchase();
  purchase.lines[0].quantity = 1'000'000'000;
  purchase.lines[0].unit_price_micros = 1'000'000'000'000'000;
  EXPECT_FALSE(ComputeTotals(purchase).ok());
}

TEST(CanonicalContent, DiffersWithEveryFieldTheCallerSets) {
  const std::string original = CanonicalContent(MakePurchase());
  const auto changed = [&](auto change) {
    Purchase purchase = MakePurchase();
    change(purchase);
    return CanonicalContent(purchase) != original;
  };
  EXPECT_TRUE(changed([](Purchase& p) { p.header.customer_id = CustomerId("c-2"); }));
  EXPECT_TRUE(changed([](Purchase& p) { p.header.occur_time += absl::Microseconds(1); }));
  EXPECT_TRUE(changed([](Purchase& p) { p.header.currency = *CurrencyCode::Parse("EUR"); }));
  EXPECT_TRUE(changed([](Purchase& p) { p.header.channel = "web"; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.header.store = "web"; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.header.region = "web"; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines.pop_back(); }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines[0].line_number = 7; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines[0].sku = "c"; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines[0].category = "c"; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines[0].quantity = 5; }));
  EXPECT_TRUE(changed([](Purchase& p) { p.lines[0].unit_price_micros = 5; }));
  EXPECT_FALSE(changed([](Purchase& p) { p.header.version = 9; }));
}

TEST(CanonicalContent, DoesNotConfuseNeighbouringFields) {
  Purchase left = MakePurchase();
  Purchase right = MakePurchase();
  left.header.channel = "ab";
  left.header.store = "c";
  right.header.channel = "a";
  right.header.store = "bc";
  EXPECT_NE(CanonicalContent(left), CanonicalContent(right));
}

TEST(ParseEtag, ReadsWhatEtagOfWroteAndNothingElse) {
  EXPECT_EQ(ParseEtag(EtagOf(42)), 42);
  for (const char* malformed :
       {"", "v", "42", "v0", "v-1", "v042", "v 4", "w42", "v99999999999999999999"}) {
    EXPECT_FALSE(ParseEtag(malformed).has_value()) << malformed;
  }
}

TEST(CompareIdentifiers, TellsAddedRemovedAndRespelledApart) {
  const Identifier mail{.type = IdentifierType::kEmail, .value = "Ann@x.org", .hash = "1"};
  Identifier respelled = mail;
  respelled.value = "ann@x.org";
  const Identifier phone{.type = IdentifierType::kPhone, .value = "+4420", .hash = "2"};
  const Identifier account{.type = IdentifierType::kSiteAccount, .value = "ann", .hash = "3"};
  const IdentifierChange change = CompareIdentifiers({mail, phone}, {respelled, account});
  ASSERT_EQ(change.added.size(), 1u);
  EXPECT_EQ(change.added[0].hash, "3");
  ASSERT_EQ(change.removed.size(), 1u);
  EXPECT_EQ(change.removed[0].hash, "2");
  ASSERT_EQ(change.respelled.size(), 1u);
  EXPECT_EQ(change.respelled[0].value, "ann@x.org");
  EXPECT_TRUE(CompareIdentifiers({mail}, {mail}).empty());
}

}  // namespace
}  // namespace clientele::profile
