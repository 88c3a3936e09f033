#include "services/profile/domain/customer_plan.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// Hands out ids that grow.
class FactIds {
 public:
  FactId operator()() const { return FactId(absl::StrCat("fact-", 1000 + ++count_)); }

 private:
  mutable int count_ = 0;
};

FactOrigin OriginAt(absl::Time occur_time) {
  return {.channel = CollectionChannel::kSurvey, .source_system = "shop", .occur_time = occur_time};
}

Identifier External(const std::string& value) {
  return {.type = IdentifierType::kExternal, .system = "erp", .value = value, .hash = "h" + value};
}

NewCustomer NewAnna() {
  return {.id = CustomerId("c-1"),
          .kind = CustomerKind::kPerson,
          .attributes = {{Attribute::kGivenName, "Anna"}, {Attribute::kRegionCode, "CN"}},
          .identifiers = {External("17850")},
          .origin = OriginAt(kNow)};
}

Customer Anna() {
  FactIds ids;
  return PlanCreateCustomer(NewAnna(), std::nullopt, {}, kNow, ids)->after;
}

CustomerEdit Rename(const std::string& given_name, absl::Time occur_time) {
  return {.id = CustomerId("c-1"),
          .attributes = {{Attribute::kGivenName, given_name}},
          .origin = OriginAt(occur_time)};
}

absl::StatusOr<CustomerPlan> Update(const Customer& current, const CustomerEdit& edit,
                                    absl::Time record_time = kNow) {
  FactIds ids;
  return PlanUpdateCustomer(current, edit, {}, record_time, ids);
}

TEST(PlanCreateCustomer, TellsTheCustomerThenEachFactWithDenseNumbers) {
  FactIds ids;
  const auto plan = PlanCreateCustomer(NewAnna(), std::nullopt, {}, kNow, ids);
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->is_new);
  ASSERT_EQ(plan->events.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<CustomerCreated>(plan->events[0].body));
  EXPECT_EQ(std::get<FactChanged>(plan->events[1].body).attribute, Attribute::kGivenName);
  EXPECT_EQ(plan->events[2].feed_seq, 3);
  EXPECT_EQ(plan->after.root.feed_seq, 3);
  EXPECT_EQ(plan->after.root.version, 1);
  EXPECT_EQ(plan->after.root.region_code, "CN");
  EXPECT_EQ(plan->after.root.commercial_status, CommercialStatus::kPotential);
}

TEST(PlanCreateCustomer, RefusesATakenIdBeforeATakenIdentifier) {
  FactIds ids;
  const IdentifierHolder other{"h17850", CustomerId("c-2")};
  const auto taken = PlanCreateCustomer(NewAnna(), std::nullopt, {&other, 1}, kNow, ids);
  EXPECT_EQ(GetErrorReason(taken.status()), "IDENTIFIER_TAKEN");
  const auto exists = PlanCreateCustomer(NewAnna(), Anna().root, {&other, 1}, kNow, ids);
  EXPECT_EQ(GetErrorReason(exists.status()), "CUSTOMER_ALREADY_EXISTS");
}

TEST(PlanCreateCustomer, NeverPutsAnIdentifierIntoItsError) {
  FactIds ids;
  const IdentifierHolder other{"h17850", CustomerId("c-2")};
  const absl::Status taken =
      PlanCreateCustomer(NewAnna(), std::nullopt, {&other, 1}, kNow, ids).status();
  EXPECT_THAT(std::string(taken.message()), ::testing::Not(::testing::HasSubstr("17850")));
}

TEST(PlanUpdateCustomer, MakesAFactAndTellsWhatChanged) {
  const auto plan = Update(Anna(), Rename("Anne", kNow + absl::Hours(1)));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->facts.size(), 1u);
  EXPECT_EQ(plan->after.root.version, 2);
  ASSERT_EQ(plan->events.size(), 2u);
  EXPECT_THAT(std::get<CustomerUpdated>(plan->events[0].body).changed_fields,
              ElementsAre("attributes.given_name"));
  EXPECT_EQ(std::get<FactChanged>(plan->events[1].body).fact_id, plan->facts[0].id);
}

TEST(PlanUpdateCustomer, KeepsAnOlderFactWithoutShowingOrTellingIt) {
  const auto plan = Update(Anna(), Rename("Annie", kNow - absl::Hours(1)));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->facts.size(), 1u);
  EXPECT_THAT(plan->newly_shown, IsEmpty());
  EXPECT_THAT(plan->events, IsEmpty());
  EXPECT_EQ(ShownValue(plan->after.shown, Attribute::kGivenName), "Anna");
  EXPECT_EQ(plan->after.root.version, 1);
}

TEST(PlanUpdateCustomer, ShowsWhatIsSaidNowThoughTheClockThatSaysSoIsBehind) {
  CustomerEdit edit = Rename("Anne", kNow - absl::Seconds(2));
  edit.is_said_now = true;
  const auto plan = Update(Anna(), edit);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(ShownValue(plan->after.shown, Attribute::kGivenName), "Anne");
  EXPECT_EQ(plan->facts[0].origin.occur_time, kNow + absl::Microseconds(1));
  EXPECT_EQ(plan->after.root.version, 2);
  EXPECT_EQ(plan->events[0].occur_time, kNow + absl::Microseconds(1));
}

TEST(PlanUpdateCustomer, LeavesTheTimeOfWhatIsSaidNowAloneWhenItIsLater) {
  CustomerEdit edit = Rename("Anne", kNow + absl::Seconds(2));
  edit.is_said_now = true;
  EXPECT_EQ(Update(Anna(), edit)->facts[0].origin.occur_time, kNow + absl::Seconds(2));
}

TEST(PlanUpdateCustomer, DoesNothingForARepetitionSaidNow) {
  CustomerEdit edit = Rename("Anna", kNow);
  edit.is_said_now = true;
  EXPECT_TRUE(Update(Anna(), edit)->empty());
}

TEST(PlanUpdateCustomer, RemembersALaterConfirmationQuietly) {
  const auto plan = Update(Anna(), Rename("Anna", kNow + absl::Hours(1)));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->facts.size(), 1u);
  EXPECT_THAT(plan->newly_shown, ElementsAre(Attribute::kGivenName));
  EXPECT_THAT(plan->events, IsEmpty());
  EXPECT_EQ(plan->after.root.version, 1);
}

TEST(PlanUpdateCustomer, DoesNothingForARepetition) {
  const auto plan = Update(Anna(), Rename("Anna", kNow));
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->empty());
}

// Otherwise what is known of the past would depend on which fact came first.
TEST(PlanUpdateCustomer, KeepsAnOlderFactOfTheShownValueQuietly) {
  const auto plan = Update(Anna(), Rename("Anna", kNow - absl::Hours(1)));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->facts.size(), 1u);
  EXPECT_THAT(plan->newly_shown, IsEmpty());
  EXPECT_THAT(plan->events, IsEmpty());
  EXPECT_EQ(plan->after.root.version, 1);
}

TEST(PlanUpdateCustomer, ClearsAGeneralisedColumnWithItsAttribute) {
  CustomerEdit edit = Rename("Anna", kNow + absl::Hours(1));
  edit.attributes = {{Attribute::kRegionCode, ""}};
  const auto plan = Update(Anna(), edit);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->after.root.region_code, "");
  EXPECT_EQ(plan->after.root.version, 2);
}

TEST(PlanUpdateCustomer, ReplacesIdentifiersAndSaysSo) {
  CustomerEdit edit{.id = CustomerId("c-1"), .origin = OriginAt(kNow)};
  edit.identifiers = {External("99")};
  const auto plan = Update(Anna(), edit);
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->identifiers.added.size(), 1u);
  EXPECT_EQ(plan->identifiers.added[0].value, "99");
  ASSERT_EQ(plan->identifiers.removed.size(), 1u);
  EXPECT_EQ(plan->identifiers.removed[0].value, "17850");
  EXPECT_THAT(std::get<CustomerUpdated>(plan->events[0].body).changed_fields,
              ElementsAre("identifiers"));
}

TEST(PlanUpdateCustomer, ChecksExistenceThenKindThenEtagThenStateThenIdentifiers) {
  FactIds ids;
  CustomerEdit edit = Rename("Anne", kNow);
  edit.identifiers = {External("99")};
  edit.expected_version = 7;
  const IdentifierHolder other{"h99", CustomerId("c-2")};
  const auto reason = [&](const std::optional<Customer>& current) {
    return GetErrorReason(PlanUpdateCustomer(current, edit, {&other, 1}, kNow, ids).status());
  };
  EXPECT_EQ(reason(std::nullopt), "CUSTOMER_NOT_FOUND");
  Customer deleted = Anna();
  deleted.root.state = CustomerState::kDeleted;
  Customer company = deleted;
  company.root.kind = CustomerKind::kOrganization;
  EXPECT_EQ(reason(company), "INVALID_ARGUMENT");
  EXPECT_EQ(reason(deleted), "ETAG_MISMATCH");
  edit.expected_version = 1;
  EXPECT_EQ(reason(deleted), "CUSTOMER_DELETED");
  EXPECT_EQ(reason(Anna()), "IDENTIFIER_TAKEN");
}

TEST(PlanUpdateCustomer, RefusesAPersonsAttributesOnAnOrganizationAllAtOnce) {
  Customer company = Anna();
  company.root.kind = CustomerKind::kOrganization;
  CustomerEdit edit = Rename("Anne", kNow);
  edit.attributes = {{Attribute::kGivenName, "x"},
                     {Attribute::kEmployer, "y"},
                     {Attribute::kJobTitle, ""},
                     {Attribute::kLocality, "z"}};
  const auto plan = Update(company, edit);
  const auto details = GetErrorDetails(plan.status());
  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->field_violations.size(), 2u);
  EXPECT_EQ(details->field_violations[0].field, "customer.attributes.given_name");
}

// Whatever the order of arrival, the latest occur_time is shown, and every fact is kept.
TEST(PlanUpdateCustomer, KnowsAndShowsTheSameForEveryOrderOfArrival) {
  std::vector<std::pair<std::string, int>> said;  // value, occur hour; hours are unique
  for (int hour = 1; hour <= 8; ++hour) said.emplace_back(absl::StrCat("v", hour % 3), hour);
  std::mt19937 random(20240601);
  for (int round = 0; round < 200; ++round) {
    std::shuffle(said.begin(), said.end(), random);
    Customer customer = Anna();
    FactIds ids;
    absl::Time record_time = kNow;
    size_t fact_count = 0;
    for (const auto& [value, hour] : said) {
      record_time += absl::Seconds(1);
      auto plan = PlanUpdateCustomer(customer, Rename(value, kNow + absl::Hours(hour)), {},
                                     record_time, ids);
      ASSERT_TRUE(plan.ok());
      fact_count += plan->facts.size();
      customer = plan->after;
    }
    ASSERT_EQ(ShownValue(customer.shown, Attribute::kGivenName), "v2") << "round " << round;
    ASSERT_EQ(fact_count, said.size()) << "round " << round;
  }
}

TEST(PlanDeleteCustomer, DeletesOnceAndUndeleteBringsItBackAsItWas) {
  const CustomerStateCommand command{.id = CustomerId("c-1"), .occur_time = kNow};
  const auto deleted = PlanDeleteCustomer(Anna(), command, kNow);
  ASSERT_TRUE(deleted.ok());
  EXPECT_EQ(deleted->after.root.state, CustomerState::kDeleted);
  EXPECT_EQ(deleted->after.root.delete_time, kNow);
  EXPECT_EQ(GetErrorReason(PlanDeleteCustomer(deleted->after, command, kNow).status()),
            "CUSTOMER_DELETED");

  const auto back = PlanUndeleteCustomer(deleted->after, command, kNow);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->after.root.state, CustomerState::kActive);
  EXPECT_FALSE(back->after.root.delete_time.has_value());
  EXPECT_EQ(back->after.root.version, 3);
  EXPECT_EQ(GetErrorReason(PlanUndeleteCustomer(back->after, command, kNow).status()),
            "CUSTOMER_NOT_DELETED");
}

TEST(PlanDeleteCustomer, ChecksExistenceThenEtagThenState) {
  CustomerStateCommand command{.id = CustomerId("c-1"), .expected_version = 9, .occur_time = kNow};
  Customer deleted = Anna();
  deleted.root.state = CustomerState::kDeleted;
  EXPECT_EQ(GetErrorReason(PlanDeleteCustomer(std::nullopt, command, kNow).status()),
            "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(PlanDeleteCustomer(deleted, command, kNow).status()), "ETAG_MISMATCH");
  EXPECT_EQ(GetErrorReason(PlanUndeleteCustomer(Anna(), command, kNow).status()), "ETAG_MISMATCH");
  command.expected_version = 1;
  EXPECT_EQ(GetErrorReason(PlanDeleteCustomer(deleted, command, kNow).status()),
            "CUSTOMER_DELETED");
  EXPECT_EQ(GetErrorReason(PlanUndeleteCustomer(Anna(), command, kNow).status()),
            "CUSTOMER_NOT_DELETED");
}

}  // namespace
}  // namespace clientele::profile
