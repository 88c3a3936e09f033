// Transactions that take their place first and commit last: a reader that believes in numbers loses
// their events, the feed does not. Needs a database with more than one writer.

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/feed_reader.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_postgres.h"
#include "common/sql/transaction.h"
#include "common/testing/seed.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

constexpr int kDepthMax = 4;  // transactions that are open at once
constexpr int kStepCount = 60;

constexpr sql::Statement kInsertSerialEvent{"InsertSerialEvent",
                                            "INSERT INTO serial_event (customer_id) VALUES ($1)"};
constexpr sql::Statement kSelectSerialEvents{
    "SelectSerialEvents", "SELECT id FROM serial_event WHERE id > $1 ORDER BY id"};

// Follows events numbered as they are inserted, by `WHERE id > cursor`: the planted defect.
class SerialReader {
 public:
  absl::Status Poll(sql::Database& database) {
    return database.RunReadOnly({}, [this](sql::Tx& tx) {
      return tx.Query(kSelectSerialEvents, {cursor_}, [this](const sql::Row& row) {
        cursor_ = row.Int64(0);
        ++seen_count_;
        return absl::OkStatus();
      });
    });
  }

  int64_t seen_count() const { return seen_count_; }

 private:
  int64_t cursor_ = 0;
  int64_t seen_count_ = 0;
};

// Follows the feed from where it is, as a watcher does.
class FeedFollower {
 public:
  absl::Status Poll(sql::Database& database) {
    const absl::StatusOr<FeedPage> page =
        sql::ReadIn(database, {}, [this](sql::Tx& tx) { return ReadFeed(tx, {.after = next_}); });
    if (page.ok()) {
      events_.insert(events_.end(), page->events.begin(), page->events.end());
      next_ = page->next;
    }
    return page.status();
  }

  const std::vector<FeedEvent>& events() const { return events_; }

 private:
  Positions next_{};
  std::vector<FeedEvent> events_;
};

class LateCommitTest : public ::testing::Test {
 protected:
  LateCommitTest() {
    for (int depth = 0; depth < kDepthMax; ++depth) {
      writers_.push_back(schema_.Open());
    }
    EXPECT_EQ(sql::Migrate(*database_, FreshMigrations()), absl::OkStatus());
    EXPECT_EQ(database_->RunInTransaction({},
                                          [](sql::Tx& tx) {
                                            return tx.ExecuteSchema(
                                                "CREATE TABLE serial_event (id BIGSERIAL PRIMARY "
                                                "KEY, customer_id TEXT NOT NULL)");
                                          }),
              absl::OkStatus());
  }

  // Writes an event of a customer both ways, does `meanwhile`, then commits.
  template <typename Meanwhile>
  void Write(int depth, const std::string& customer_id, Meanwhile meanwhile) {
    const absl::Status status = writers_[depth]->RunInTransaction({}, [&](sql::Tx& tx) {
      absl::Status written = AppendNumbered(tx, customer_id, 1);
      written.Update(tx.Execute(kInsertSerialEvent, {absl::string_view(customer_id)}).status());
      meanwhile();
      return written;
    });
    ASSERT_EQ(status, absl::OkStatus());
    ++written_counts_[customer_id];
    ++written_count_;
  }

  // Both readers see what is committed by now.
  void Poll() {
    ASSERT_EQ(serial_.Poll(*database_), absl::OkStatus());
    const absl::StatusOr<MoveResult> moved = mover_.Move();
    ASSERT_TRUE(moved.ok()) << moved.status();
    ASSERT_EQ(follower_.Poll(*database_), absl::OkStatus());
  }

  // Some transactions, each with some others inside it that end before it does. Those of one depth
  // share a few customers; only customers of different depths are locked at the same time.
  void WriteNested(std::mt19937& random, int depth) {
    const std::string customer_id = absl::StrCat("customer-", depth, "-", random() % 3);
    Write(depth, customer_id, [&] {
      for (uint32_t i = random() % 3; i > 0 && depth + 1 < kDepthMax; --i) {
        WriteNested(random, depth + 1);
      }
      if (random() % 2 == 0) {
        Poll();
      }
    });
  }

  const sql::PostgresTestSchema schema_;
  const std::unique_ptr<sql::Database> database_ = schema_.Open();
  std::vector<std::unique_ptr<sql::Database>> writers_;
  const SystemClock clock_;
  OutboxMover mover_{*database_, clock_, "local", absl::Minutes(1), 3};
  SerialReader serial_;
  FeedFollower follower_;
  std::map<std::string, int64_t> written_counts_;
  int64_t written_count_ = 0;
};

TEST_F(LateCommitTest, OneEventThatCommitsLateIsLostByNumberAndDeliveredByTheFeed) {
  Write(0, "late", [&] {
    Write(1, "prompt", [] {});
    Poll();
  });
  Poll();
  EXPECT_EQ(serial_.seen_count(), 1) << "the reader by number must lose the late one";
  ExpectFeedHolds(follower_.events(), {{"late", 1}, {"prompt", 1}});
}

TEST_F(LateCommitTest, NoInterleavingOfCommitsLosesRepeatsOrReordersAnEventOfTheFeed) {
  std::mt19937 random(TestSeed(23));
  for (int step = 0; step < kStepCount; ++step) {
    WriteNested(random, 0);
  }
  while (mover_.HasWork().value()) {
    Poll();
  }
  Poll();
  EXPECT_LT(serial_.seen_count(), written_count_) << "the defect must show here too";
  ExpectFeedHolds(follower_.events(), written_counts_);
}

}  // namespace
}  // namespace clientele::feed
