#include <utility>

#include "common/feed/migrations.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_sqlite.h"

namespace clientele::feed {
namespace {

constexpr sql::Migration kCreateFeedRoot[] = {
    {1001, "create_feed_root",
     "CREATE TABLE feed_root (customer_id TEXT NOT NULL PRIMARY KEY, feed_seq BIGINT NOT NULL)",
     "SELECT create_distributed_table('feed_root', 'customer_id', colocate_with => 'outbox')"}};

constexpr sql::Statement kInsertRoot{
    "InsertFeedRoot",
    "INSERT INTO feed_root (customer_id, feed_seq) VALUES ($1, 0) ON CONFLICT (customer_id) DO "
    "NOTHING"};
constexpr sql::Statement kRaiseRoot{
    "RaiseFeedRoot",
    "UPDATE feed_root SET feed_seq = feed_seq + $1 WHERE customer_id = $2 RETURNING feed_seq"};

std::string EventId(const std::string& customer_id, int64_t feed_seq) {
  return absl::StrCat(customer_id, "#", feed_seq);
}

}  // namespace

std::vector<sql::Migration> FreshMigrations() {
  return sql::MergeMigrations({Migrations(), kCreateFeedRoot});
}

std::unique_ptr<sql::Database> OpenFreshSqlite() { return sql::OpenTestSqlite(FreshMigrations()); }

OutboxEvent MakeEvent(const std::string& customer_id, int64_t feed_seq, const std::string& type) {
  return {.event_id = EventId(customer_id, feed_seq),
          .type = type,
          .subject = absl::StrCat("thing/", customer_id, "-", feed_seq),
          .customer_id = customer_id,
          .feed_seq = feed_seq,
          .occur_time = absl::FromUnixSeconds(1'600'000'000 + feed_seq),
          .record_time = absl::FromUnixSeconds(1'700'000'000 - feed_seq),
          .data_type = "clientele.test.Happened",
          .data = std::string("\x00\xff", 2)};
}

absl::Status AppendNumbered(sql::Tx& tx, const std::string& customer_id, int count) {
  absl::Status inserted = tx.Execute(kInsertRoot, {absl::string_view(customer_id)}).status();
  if (!inserted.ok()) {
    return inserted;
  }
  const std::vector<std::string> keys = {customer_id};
  absl::Status locked = tx.LockRows("feed_root", "customer_id", keys);
  if (!locked.ok()) {
    return locked;
  }
  std::vector<OutboxEvent> events;
  const absl::Status raised = tx.Query(
      kRaiseRoot, {int64_t{count}, absl::string_view(customer_id)}, [&](const sql::Row& row) {
        for (int64_t seq = row.Int64(0) - count + 1; seq <= row.Int64(0); ++seq) {
          events.push_back(MakeEvent(customer_id, seq));
        }
        return absl::OkStatus();
      });
  return raised.ok() ? AppendToOutbox(tx, events) : raised;
}

std::vector<FeedEvent> ReadWholeFeed(sql::Database& database) {
  std::vector<FeedEvent> all;
  FeedRead read;
  for (bool caught_up = false; !caught_up;) {
    const absl::Status status = database.RunReadOnly({}, [&](sql::Tx& tx) -> absl::Status {
      absl::StatusOr<FeedPage> page = ReadFeed(tx, read);
      if (!page.ok()) {
        return page.status();
      }
      all.insert(all.end(), page->events.begin(), page->events.end());
      read.after = page->next;
      caught_up = page->caught_up;
      return absl::OkStatus();
    });
    if (!status.ok()) {
      ADD_FAILURE() << status;
      break;
    }
  }
  return all;
}

void ExpectFeedHolds(const std::vector<FeedEvent>& events,
                     const std::map<std::string, int64_t>& committed_counts) {
  Positions heads{};
  std::map<std::string, int64_t> seen_counts;
  for (const FeedEvent& event : events) {
    ASSERT_EQ(event.partition, PartitionOf(event.event.customer_id));
    ASSERT_EQ(event.position, ++heads[event.partition]) << "partition " << event.partition;
    const int64_t expected_seq = ++seen_counts[event.event.customer_id];
    ASSERT_EQ(event.event.feed_seq, expected_seq) << event.event.customer_id;
    ASSERT_EQ(event.event.event_id, EventId(event.event.customer_id, expected_seq));
  }
  EXPECT_EQ(seen_counts, committed_counts);
}

}  // namespace clientele::feed
