#include <string>
#include <thread>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/profile_store_contract.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> IdsOf(const std::vector<Customer>& customers) {
  std::vector<std::string> ids;
  for (const Customer& customer : customers) ids.push_back(customer.root.id.value());
  return ids;
}

BoundFilter Having(const std::string& column, FilterValue value) {
  return {.comparisons = {{.field = column,
                           .sql = column,
                           .op = FilterOperator::kEqual,
                           .value = std::move(value)}}};
}

CustomerEdit EditOf(const std::string& id, absl::Time occur_time) {
  return {.id = CustomerId(id),
          .origin = {.channel = CollectionChannel::kSocial,
                     .source_system = "shop",
                     .occur_time = occur_time}};
}

TEST_P(ProfileStoreContract, GivesACustomerBackAsItWasStored) {
  ASSERT_TRUE(Create(MakePerson("c-1", {MakeIdentifier(IdentifierType::kExternal, "17850"),
                                        MakeIdentifier(IdentifierType::kEmail, "a@x.org")}))
                  .ok());
  const Customer customer = Load("c-1");
  EXPECT_EQ(customer.root.state, CustomerState::kActive);
  EXPECT_EQ(customer.root.source_system, "shop");
  EXPECT_EQ(customer.root.region_code, "CN");
  EXPECT_EQ(customer.root.feed_seq, 3);
  EXPECT_EQ(customer.root.create_time, kContractNow);
  EXPECT_FALSE(customer.root.delete_time.has_value());
  EXPECT_EQ(ShownValue(customer.shown, Attribute::kGivenName), "Zoë");
  ASSERT_EQ(customer.identifiers.size(), 2u);
  EXPECT_EQ(customer.identifiers[0].value, "a@x.org");
  EXPECT_EQ(customer.identifiers[1].system, "erp");
}

TEST_P(ProfileStoreContract, FindsNobodyUnderAnUnknownId) {
  ASSERT_TRUE(Read([this](sql::Tx& tx) -> absl::Status {
                const auto customer = FindCustomer(tx, vault(), CustomerId("c-1"));
                EXPECT_TRUE(customer.ok() && !customer->has_value());
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, LoadsMoreCustomersThanOneStatementTakes) {
  std::vector<std::string> ids = {"c-none"};
  for (int i = 100; i < 140; ++i) {
    ids.push_back(absl::StrCat("c-", i));
    ASSERT_TRUE(Create(MakePerson(ids.back())).ok());
  }
  ids.push_back("c-100");  // asked for twice
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                const auto customers = LoadCustomers(tx, vault(), ids);
                EXPECT_EQ(customers->size(), 40u);
                EXPECT_EQ(customers->at(CustomerId("c-139")).shown.size(), 2u);
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, NeverStoresOneCustomerTwice) {
  ASSERT_TRUE(Create(MakePerson("c-1")).ok());
  EXPECT_EQ(GetErrorReason(Create(MakePerson("c-1"))), "TRANSACTION_CONFLICT");
}

TEST_P(ProfileStoreContract, LetsOnlyOneCustomerHaveAnExclusiveIdentifier) {
  const Identifier external = MakeIdentifier(IdentifierType::kExternal, "1");
  ASSERT_TRUE(Create(MakePerson("c-1", {external})).ok());
  EXPECT_EQ(GetErrorReason(Create(MakePerson("c-2", {external}))), "TRANSACTION_CONFLICT");
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                const auto holders = FindHolders(tx, {external});
                EXPECT_EQ(holders->size(), 1u);
                EXPECT_EQ(holders->front().customer_id.value(), "c-1");
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, ListsTheHoldersOfASharedIdentifierLatestFirst) {
  const Identifier phone = MakeIdentifier(IdentifierType::kPhone, "+4420");
  ASSERT_TRUE(Create(MakePerson("c-2", {phone}), kContractNow).ok());
  ASSERT_TRUE(Create(MakePerson("c-1", {phone}), kContractNow).ok());
  ASSERT_TRUE(Create(MakePerson("c-3", {phone}), kContractNow + absl::Seconds(1)).ok());
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                EXPECT_THAT(*ListHolders(tx, phone.hash, 10),
                            ElementsAre(CustomerId("c-3"), CustomerId("c-1"), CustomerId("c-2")));
                EXPECT_THAT(*ListHolders(tx, phone.hash, 1), ElementsAre(CustomerId("c-3")));
                EXPECT_THAT(*FindHolders(tx, {phone}), IsEmpty());
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, FreesARemovedIdentifierAndTakesItBack) {
  const Identifier account = MakeIdentifier(IdentifierType::kSiteAccount, "zoe");
  ASSERT_TRUE(Create(MakePerson("c-1", {account})).ok());
  CustomerEdit edit = EditOf("c-1", kContractNow);
  edit.identifiers.emplace();
  ASSERT_TRUE(Edit(edit, kContractNow).ok());
  EXPECT_THAT(Load("c-1").identifiers, IsEmpty());

  edit.identifiers = {account};
  ASSERT_TRUE(Edit(edit, kContractNow).ok());
  EXPECT_EQ(Load("c-1").identifiers.size(), 1u);

  edit.identifiers->clear();
  ASSERT_TRUE(Edit(edit, kContractNow + absl::Seconds(1)).ok());
  EXPECT_TRUE(Create(MakePerson("c-2", {account})).ok());
}

TEST_P(ProfileStoreContract, AnswersTheNewSpellingOfAnIdentifier) {
  Identifier mail = MakeIdentifier(IdentifierType::kEmail, "Zoe@x.org");
  ASSERT_TRUE(Create(MakePerson("c-1", {mail})).ok());
  mail.value = "zoe@x.org";
  CustomerEdit edit = EditOf("c-1", kContractNow);
  edit.identifiers = {mail};
  ASSERT_TRUE(Edit(edit, kContractNow).ok());
  ASSERT_EQ(Load("c-1").identifiers.size(), 1u);
  EXPECT_EQ(Load("c-1").identifiers[0].value, "zoe@x.org");
}

TEST_P(ProfileStoreContract, PagesThroughCustomersById) {
  for (const char* id : {"c-3", "c-1", "c-2"}) ASSERT_TRUE(Create(MakePerson(id)).ok());
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                EXPECT_THAT(IdsOf(*ListCustomers(tx, vault(), {}, "", 2)),
                            ElementsAre("c-1", "c-2"));
                EXPECT_THAT(IdsOf(*ListCustomers(tx, vault(), {}, "c-2", 2)), ElementsAre("c-3"));
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, FiltersCustomersByTheirGeneralisedColumns) {
  ASSERT_TRUE(Create(MakePerson("c-1")).ok());
  NewCustomer german = MakePerson("c-2");
  german.attributes = {{Attribute::kRegionCode, "DE"}};
  ASSERT_TRUE(Create(german).ok());
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                EXPECT_THAT(IdsOf(*ListCustomers(tx, vault(),
                                                 Having("region_code", std::string("DE")), "", 9)),
                            ElementsAre("c-2"));
                EXPECT_THAT(IdsOf(*ListCustomers(tx, vault(), Having("state", int64_t{2}), "", 9)),
                            IsEmpty());
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, ListsFactsNewestFirstAcrossPages) {
  ASSERT_TRUE(Create(MakePerson("c-1")).ok());
  CustomerEdit edit = EditOf("c-1", kContractNow + absl::Hours(1));
  edit.attributes = {{Attribute::kGivenName, "Zo"}, {Attribute::kLocality, "Ulm"}};
  ASSERT_TRUE(Edit(edit, kContractNow + absl::Seconds(1)).ok());
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                std::vector<std::string> values;
                std::optional<FactPosition> after;
                for (int page = 0; page < 4; ++page) {
                  const auto facts = ListFacts(tx, vault(), CustomerId("c-1"), after, 1);
                  const Fact& fact = facts->at(0).fact;
                  values.push_back(absl::StrCat(fact.value, facts->at(0).current ? "" : " (old)"));
                  after = FactPosition{absl::ToUnixMicros(fact.record_time), fact.id.value()};
                }
                EXPECT_THAT(*ListFacts(tx, vault(), CustomerId("c-1"), after, 1), IsEmpty());
                EXPECT_THAT(values, ElementsAre("Ulm", "Zo", "CN", "Zoë (old)"));
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, NumbersTheEventsOfConcurrentWritersWithoutGaps) {
  ASSERT_TRUE(Create(MakePerson("c-1")).ok());
  constexpr int kThreads = 4;
  constexpr int kEditsPerThread = 10;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < kEditsPerThread; ++i) {
        const int second = 1 + thread * kEditsPerThread + i;
        CustomerEdit edit = EditOf("c-1", kContractNow);
        edit.identifiers = {MakeIdentifier(IdentifierType::kEmail, absl::StrCat(second, "@x.org"))};
        EXPECT_TRUE(Edit(edit, kContractNow + absl::Seconds(second)).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Load("c-1").root.feed_seq, 3 + kThreads * kEditsPerThread);
  EXPECT_EQ(Load("c-1").root.version, 1 + kThreads * kEditsPerThread);
  EXPECT_EQ(Load("c-1").identifiers.size(), 1u);
}

}  // namespace
}  // namespace clientele::profile
