// Requests that claim the same rows of a look-up table crosswise wait for each other, and never
// deadlock: a third transaction holds the row in the middle until both are under way.

#include <functional>
#include <future>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {
namespace {

// What keeps others from a row of a table.
struct Hold {
  absl::string_view table;
  sql::Statement statement;
};

constexpr Hold kHoldOrder = {
    "purchase_by_order",
    {"HoldOrder",
     "INSERT INTO purchase_by_order (source_system, order_number, customer_id, content_hash)"
     " VALUES ('shop', '5', 'nobody', 'x')"}};
constexpr Hold kHoldIdentifier = {
    "identifier_holder",
    {"HoldIdentifier",
     "INSERT INTO identifier_holder (identifier_hash, slot, customer_id, valid_from) VALUES "
     "('hash of EXTERNAL 5', '', 'nobody', 0)"}};

class ProfileStoreDeadlocks : public ProfileStoreContract {
 protected:
  // Runs both while `hold` keeps them from going on.
  void RunCrosswise(const Hold& hold, const std::function<absl::Status()>& one,
                    const std::function<absl::Status()>& other) {
    // The first customer makes a row that all keys share.
    ASSERT_TRUE(Create(MakePerson("somebody")).ok());
    std::future<absl::Status> first;
    std::future<absl::Status> second;
    const absl::Status held = Write([&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(hold.statement, {}).status());
      first = std::async(std::launch::async, one);
      CLIENTELE_RETURN_IF_ERROR(sql::WaitForBlocked(database(), hold.table, 1));
      second = std::async(std::launch::async, other);
      CLIENTELE_RETURN_IF_ERROR(sql::WaitForBlocked(database(), hold.table, 2));
      return absl::CancelledError("let them go on");
    });
    ASSERT_TRUE(absl::IsCancelled(held)) << held;
    const absl::Status outcomes[] = {first.get(), second.get()};
    EXPECT_TRUE(outcomes[0].ok() || absl::IsAborted(outcomes[0])) << outcomes[0];
    EXPECT_TRUE(outcomes[1].ok() || absl::IsAborted(outcomes[1])) << outcomes[1];
    EXPECT_EQ(deadlock_count(), 0);
  }
};

Identifier External(const std::string& value) {
  return MakeIdentifier(IdentifierType::kExternal, value);
}

TEST_P(ProfileStoreDeadlocks, DoNotComeOfTheSameOrdersForOtherCustomers) {
  RunCrosswise(
      kHoldOrder,
      [this] {
        return RunBatch({MakeOrder("a-1", "1"), MakeOrder("a-2", "5"), MakeOrder("a-3", "9")}, {});
      },
      [this] {
        return RunBatch({MakeOrder("b-1", "9"), MakeOrder("b-2", "5"), MakeOrder("b-3", "1")}, {});
      });
}

TEST_P(ProfileStoreDeadlocks, DoNotComeOfTheSameIdentifiersInAnotherOrder) {
  RunCrosswise(
      kHoldIdentifier,
      [this] {
        return Create(MakePerson("a", {External("1"), External("5"), External("9")}));
      },
      [this] {
        return Create(MakePerson("b", {External("9"), External("5"), External("1")}));
      });
}

TEST_P(ProfileStoreDeadlocks, DoNotComeOfASwapOfIdentifiers) {
  ASSERT_TRUE(Create(MakePerson("a", {External("9")})).ok());
  ASSERT_TRUE(Create(MakePerson("b", {External("7")})).ok());
  const auto take = [this](const std::string& id, const std::string& value) {
    CustomerEdit edit{.id = CustomerId(id),
                      .identifiers = {{External("5"), External(value)}},
                      .origin = {.channel = CollectionChannel::kSocial,
                                 .source_system = "shop",
                                 .occur_time = kContractNow}};
    return Edit(edit, kContractNow + absl::Hours(1));
  };
  RunCrosswise(
      kHoldIdentifier, [&] { return take("a", "7"); }, [&] { return take("b", "9"); });
}

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(SchemaMigrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, ProfileStoreDeadlocks, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::profile
