#ifndef COMMON_FEED_TESTING_FEED_STORE_CONTRACT_H_
#define COMMON_FEED_TESTING_FEED_STORE_CONTRACT_H_

// The tests that the feed's storage side passes on every database driver.
//
// A driver's test compiles every feed_store_*contract.cc in and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, FeedStoreContract, ::testing::Values(&OpenFreshSqlite));

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/feed/event_record.h"
#include "common/feed/feed_reader.h"
#include "common/feed/outbox_mover.h"
#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::feed {

// The feed's, and one that makes the table
// feed_root(customer_id TEXT PRIMARY KEY, feed_seq BIGINT NOT NULL).
std::vector<sql::Migration> FreshMigrations();

// Opens an empty database with FreshMigrations applied.
using OpenFreshDatabase = std::unique_ptr<sql::Database> (*)();

std::unique_ptr<sql::Database> OpenFreshSqlite();

// As if every holder, and every process of a consumer, had been silent for longer than its lease
// lasts: both together.
inline constexpr sql::Statement kExpireLeases{"ExpireLeases", "UPDATE lease SET expire_time = 0"};
inline constexpr sql::Statement kExpireMembers{"ExpireMembers",
                                               "UPDATE consumer_member SET expire_time = 0"};

// An event of `customer_id`; its id says whose it is and which one.
OutboxEvent MakeEvent(const std::string& customer_id, int64_t feed_seq,
                      const std::string& type = "clientele.test.happened.v1");

// Numbers `count` events of a customer under its root row's lock and appends them, as a service's
// write does.
absl::Status AppendNumbered(sql::Tx& tx, const std::string& customer_id, int count);

// Everything in the feed, read page by page to the heads.
std::vector<FeedEvent> ReadWholeFeed(sql::Database& database);

// What the feed promises, checked against how many events each customer has committed: dense
// positions per partition, dense feed_seq per customer in position order, nothing else.
void ExpectFeedHolds(const std::vector<FeedEvent>& events,
                     const std::map<std::string, int64_t>& committed_counts);

class FeedStoreContract : public ::testing::TestWithParam<OpenFreshDatabase> {
 protected:
  FeedStoreContract() : database_(GetParam()()) {}

  // Commits `work` and expects it to succeed.
  void Commit(sql::TxCallback work) {
    ASSERT_EQ(database_->RunInTransaction({}, work), absl::OkStatus());
  }

  void Append(const std::string& customer_id, int count) {
    Commit([&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); });
  }

  // Runs a statement of the test's own.
  void Tamper(absl::string_view text) {
    const sql::Statement statement{"Tamper", text};
    Commit([&](sql::Tx& tx) { return tx.Execute(statement, {}).status(); });
  }

  absl::StatusOr<FeedPage> Read(const FeedRead& read) {
    FeedPage page;
    const absl::Status status = database_->RunReadOnly({}, [&](sql::Tx& tx) -> absl::Status {
      auto result = ReadFeed(tx, read);
      if (!result.ok()) {
        return result.status();
      }
      page = *std::move(result);
      return absl::OkStatus();
    });
    if (!status.ok()) {
      return status;
    }
    return page;
  }

  // Moves until the outbox is empty.
  void MoveAll(OutboxMover& mover) {
    bool has_more = true;
    while (has_more) {
      const absl::StatusOr<MoveResult> result = mover.Move();
      ASSERT_TRUE(result.ok()) << result.status();
      ASSERT_TRUE(result->is_holder);
      has_more = result->has_more;
    }
  }

  OutboxMover MakeMover(const std::string& holder, int batch_max = 1000) {
    return OutboxMover(*database_, clock_, holder, absl::Seconds(10), batch_max);
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_STORE_CONTRACT_H_
