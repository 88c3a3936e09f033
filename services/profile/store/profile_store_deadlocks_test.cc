// Requests that claim the same rows of a look-up table crosswise wait for each other, and never
// deadlock: a third transaction holds the row in the middle until both are under way.

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {
namespace {

constexpr sql::Statement kHoldOrder = {
    "HoldOrder",
    "INSERT INTO purchase_by_order (source_system, order_number, customer_id, content_hash) VALUES "
    "('shop', '5', 'nobody', 'x')"};
constexpr sql::Statement kHoldIdentifier = {
    "HoldIdentifier",
    "INSERT INTO identifier_holder (identifier_hash, slot, customer_id, valid_from) VALUES "
    "('hash of EXTERNAL 5', '', 'nobody', 0)"};
// Sessions that wait for another and have to do with a table of this schema.
constexpr sql::Statement kCountWaiting = {
    "CountWaiting",
    "SELECT COUNT(DISTINCT waits.pid) FROM pg_catalog.pg_locks waits"
    " JOIN pg_catalog.pg_locks has ON has.pid = waits.pid WHERE NOT waits.granted"
    " AND has.relation IN (CAST('purchase_by_order' AS regclass), CAST('identifier_holder' AS "
    "regclass))"};

class ProfileStoreDeadlocks : public ProfileStoreContract {
 protected:
  // Runs both while `hold` keeps them from going on.
  void RunCrosswise(const sql::Statement& hold, const std::function<absl::Status()>& one,
                    const std::function<absl::Status()>& other) {
    // The first customer makes a row that all keys share.
    ASSERT_TRUE(Create(MakePerson("somebody")).ok());
    std::future<absl::Status> first;
    std::future<absl::Status> second;
    const absl::Status held = Write([&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(hold, {}).status());
      first = std::async(std::launch::async, one);
      WaitForWaiting(1);
      second = std::async(std::launch::async, other);
      WaitForWaiting(2);
      return absl::CancelledError("let them go on");
    });
    EXPECT_TRUE(absl::IsCancelled(held)) << held;
    const absl::Status outcomes[] = {first.get(), second.get()};
    EXPECT_TRUE(outcomes[0].ok() || absl::IsAborted(outcomes[0])) << outcomes[0];
    EXPECT_TRUE(outcomes[1].ok() || absl::IsAborted(outcomes[1])) << outcomes[1];
    EXPECT_EQ(deadlock_count(), 0);
  }

 private:
  void WaitForWaiting(int64_t count) {
    const absl::Time end = absl::Now() + absl::Seconds(10);
    while (CountWaiting() < count) {
      ASSERT_LT(absl::Now(), end);
      std::this_thread::yield();
    }
  }

  int64_t CountWaiting() {
    int64_t count = 0;
    const absl::Status status = Read([&count](sql::Tx& tx) {
      return tx.Query(kCountWaiting, {}, [&count](const sql::Row& row) {
        count = row.Int64(0);
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
    return count;
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
