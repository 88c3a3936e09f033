#include "common/feed/testing/bootstrap_contract.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/feed/event_applier.h"
#include "common/feed/export_session.h"
#include "common/feed/feed_trimmer.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/faulty_database.h"
#include "common/feed/testing/feed_replay.h"
#include "common/feed/testing/root_exporter.h"
#include "common/sql/transaction.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

using common::v1::Event;
using common::v1::ExportEventsRequest;
using common::v1::ExportEventsResponse;

constexpr int kCustomerCount = 80;  // some of each partition
constexpr int kWriteCount = 400;
constexpr int kPageMax = 7;
constexpr int kKillsMin = 20;

// Which event of whom.
using Fact = std::pair<std::string, int64_t>;

// A handler that takes an event by what it is about, as the suite's own do.
class NaturalLog final : public EventHandler {
 public:
  absl::Status Apply(sql::Tx& tx, absl::Span<const Event> events) override {
    const sql::Statement insert{
        "InsertNatural",
        "INSERT INTO natural_log (number, customer_id, feed_seq) SELECT COUNT(*) + 1, $1, $2 "
        "FROM natural_log WHERE 1 = 1 ON CONFLICT (customer_id, feed_seq) DO NOTHING"};
    for (const Event& event : events) {
      CLIENTELE_RETURN_IF_ERROR(
          tx.Execute(insert, {absl::string_view(event.customer_id()), event.feed_seq()}).status());
    }
    return absl::OkStatus();
  }

  static absl::Status CreateTable(sql::Tx& tx) {
    return tx.ExecuteSchema(
        "CREATE TABLE natural_log (number BIGINT NOT NULL, customer_id TEXT NOT NULL, "
        "feed_seq BIGINT NOT NULL, PRIMARY KEY (customer_id, feed_seq))");
  }

  // In the order in which they were applied.
  static std::vector<Fact> Read(sql::Database& database) {
    const sql::Statement select{"SelectNatural",
                                "SELECT customer_id, feed_seq FROM natural_log ORDER BY number"};
    std::vector<Fact> facts;
    EXPECT_EQ(database.RunReadOnly({},
                                   [&](sql::Tx& tx) {
                                     return tx.Query(select, {}, [&](const sql::Row& row) {
                                       facts.emplace_back(row.Text(0), row.Int64(1));
                                       return absl::OkStatus();
                                     });
                                   }),
              absl::OkStatus());
    return facts;
  }
};

// A source that has lost its first events and goes on being written to.
class LossySource {
 public:
  LossySource(sql::Database& database, const Clock& clock)
      : database_(database), mover_(database, clock, "mover", absl::Hours(1), 1000) {}

  // A few events of anybody; now and then they reach the feed, with all before them.
  void Write() {
    const std::string customer_id = absl::StrCat("customer-", random_() % kCustomerCount);
    const int count = 1 + static_cast<int>(random_() % 3);
    ASSERT_EQ(database_.RunInTransaction(
                  {}, [&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); }),
              absl::OkStatus());
    written_counts_[customer_id] += count;
    if (random_() % 4 == 0) {
      Move();
    }
  }

  void Move() { ASSERT_TRUE(mover_.Move().ok()); }

  void LoseFirstEvents() { ASSERT_GT(TrimFeed(database_, {.keep = absl::Seconds(1)}).value(), 0); }

  const std::map<std::string, int64_t>& written_counts() const { return written_counts_; }
  sql::Database& database() { return database_; }

 private:
  sql::Database& database_;
  OutboxMover mover_;
  std::mt19937 random_{3};
  std::map<std::string, int64_t> written_counts_;
};

// One process of the consumer.
class Process {
 public:
  Process(const std::string& holder, sql::Database& target, EventHandler& handler, Clock& clock)
      : applier_(ConsumerShare("profile", holder, absl::Seconds(10), clock), target, handler) {}

  // Takes up to `message_max` messages of the export that is due, or of a new one.
  void Export(LossySource& source, const EventExporter& exporter, int message_max) {
    if (!applier_.Begin().value_or(false)) {
      return;
    }
    const ExportTurn turn = applier_.NextExport().value_or(ExportTurn{applier_.untouched(), ""});
    if (turn.partitions.none()) {
      return;
    }
    ExportEventsRequest request;
    request.set_page_token(turn.page_token);
    request.set_consumer("thing");
    ExportPlan plan = ValidateExportEvents("profile", request).value();
    plan.partitions = turn.partitions;
    ExportSession session("profile", std::move(plan), source.database(), exporter);
    for (int i = 0; i < message_max; ++i) {
      ExportEventsResponse message;
      const auto step = session.Next(message, false);
      if (!step.ok() || step->kind == rpc::StreamStep::Kind::kEnd ||
          !applier_.ApplyExport(turn.partitions, message).ok()) {
        break;
      }
      source.Write();
    }
  }

 private:
  EventApplier applier_;
};

// Whether every partition's export has begun and is through.
bool IsThrough(sql::Database& target) {
  const sql::Statement count{"CountExports",
                             "SELECT CAST(COUNT(*) AS BIGINT) FROM consumer_position "
                             "WHERE position > 0 AND export_page_token = ''"};
  int64_t through_count = 0;
  EXPECT_EQ(target.RunReadOnly({},
                               [&](sql::Tx& tx) {
                                 return tx.Query(count, {}, [&](const sql::Row& row) {
                                   through_count = row.Int64(0);
                                   return absl::OkStatus();
                                 });
                               }),
            absl::OkStatus());
  return through_count == kPartitionCount;
}

void ExpectEachOnceInOrder(const std::vector<Fact>& facts,
                           const std::map<std::string, int64_t>& written_counts) {
  std::map<std::string, int64_t> seen_counts;
  for (const Fact& fact : facts) {
    ASSERT_EQ(fact.second, ++seen_counts[fact.first]) << fact.first;
  }
  EXPECT_EQ(seen_counts, written_counts);
}

TEST_P(BootstrapContract, HasEachEffectOnceInOrderThoughItIsKilledAgainAndAgainWhileWritesGoOn) {
  LossySource source(*database_, clock_);
  for (int i = 0; i < kWriteCount; ++i) {
    source.Write();
  }
  source.Move();
  source.LoseFirstEvents();
  source.Write();
  const std::unique_ptr<sql::Database> target = GetParam()();
  ASSERT_EQ(target->RunInTransaction({}, NaturalLog::CreateTable), absl::OkStatus());
  std::mt19937 random(29);
  FaultyDatabase faulty(*target, [&random] {
    const uint32_t draw = random() % 10;
    return draw == 0 ? TxFate::kRollsBack : (draw == 1 ? TxFate::kCommitsMute : TxFate::kCommits);
  });
  NaturalLog handler;
  const RootExporter exporter(kPageMax);

  // 1. Two processes share it and are killed after a few messages; now and then one has all.
  int kill_count = 0;
  while (!IsThrough(*target)) {
    ASSERT_LT(kill_count, 100 * kKillsMin);
    Process process(random() % 2 == 0 ? "a" : "b", faulty, handler, clock_);
    process.Export(source, exporter, 1 + static_cast<int>(random() % 4));
    ++kill_count;
    clock_.Advance(absl::Seconds(3));
    if (random() % 8 == 0) {
      Expire(*target);
    }
  }
  EXPECT_GT(kill_count, kKillsMin);

  // 2. The watch delivers what has happened since, also what the export has told.
  source.Move();
  Expire(*target);
  FeedReplay(*database_, "profile", 7).CatchUp(*target, handler, 20);
  ExpectEachOnceInOrder(NaturalLog::Read(*target), source.written_counts());
}

// What the export and the watch after it deliver when the watch begins where `start` says.
std::set<Fact> Delivered(LossySource& source, bool takes_heads_first) {
  const RootExporter exporter(kPageMax);
  std::set<Fact> delivered;
  ExportSession session("profile", {.partitions = AllPartitions()}, source.database(), exporter);
  Positions start{};
  bool is_through = false;
  while (!is_through) {
    ExportEventsResponse message;
    EXPECT_TRUE(session.Next(message, false).ok());
    for (const Event& event : message.events()) {
      delivered.emplace(event.customer_id(), event.feed_seq());
    }
    start = DecodeResumeToken("profile", message.resume_token()).value();
    is_through = message.next_page_token().empty();
    source.Write();
    source.Move();
  }
  if (!takes_heads_first) {
    start = sql::ReadIn(source.database(), {}, ReadHeads).value();  // the planted defect
  }
  for (const FeedEvent& event : ReadWholeFeed(source.database())) {
    if (event.position > start[event.partition]) {
      delivered.emplace(event.event.customer_id, event.event.feed_seq);
    }
  }
  return delivered;
}

std::set<Fact> Written(const LossySource& source) {
  std::set<Fact> written;
  for (const auto& [customer_id, count] : source.written_counts()) {
    for (int64_t seq = 1; seq <= count; ++seq) {
      written.emplace(customer_id, seq);
    }
  }
  return written;
}

TEST_P(BootstrapContract, DeliversEverythingAndWouldNotIfTheHeadsWereTakenAfterThePages) {
  LossySource source(*database_, clock_);
  for (int i = 0; i < kWriteCount; ++i) {
    source.Write();
  }
  const std::set<Fact> delivered = Delivered(source, true);
  EXPECT_EQ(delivered, Written(source));
  const std::set<Fact> delivered_late = Delivered(source, false);
  EXPECT_NE(delivered_late, Written(source)) << "this test would not see a loss";
}

TEST_P(BootstrapContract, AStoredPlaceMovesOnlyFromWhatItWasUnderTheFenceOfItsGroup) {
  PartitionSet partitions;
  partitions.set(2);
  GroupFences fences{};
  fences[0] = 1;
  ConsumerPlace from;
  ConsumerPlace to;
  to.page_tokens[2] = "behind c-1";
  const auto move = [&](const ConsumerPlace& before, const GroupFences& held) {
    return database_->RunInTransaction({}, [&](sql::Tx& tx) {
      return MoveExportPlaces(tx, "profile", partitions, before, to, held);
    });
  };
  Commit([&](sql::Tx& tx) {
    ConsumerPlace none;
    return ClaimConsumerPositions(tx, "profile", {0}, 1, none);
  });
  EXPECT_EQ(move(from, GroupFences{}).code(), absl::StatusCode::kAborted) << "another's";
  EXPECT_EQ(move(from, fences), absl::OkStatus());
  EXPECT_EQ(move(from, fences).code(), absl::StatusCode::kAborted) << "it has moved on";
  ConsumerPlace claimed;
  Commit([&](sql::Tx& tx) { return ClaimConsumerPositions(tx, "profile", {0}, 2, claimed); });
  EXPECT_EQ(claimed.page_tokens, to.page_tokens);
}

}  // namespace
}  // namespace clientele::feed
