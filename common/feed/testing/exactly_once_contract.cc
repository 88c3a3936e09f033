#include "common/feed/testing/exactly_once_contract.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/feed/consumer_share.h"
#include "common/feed/event_applier.h"
#include "common/feed/event_converter.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/faulty_database.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/testing/seed.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsResponse;

constexpr int kCustomerCount = 24;
constexpr int kEventCount = 2400;
constexpr int kKillsMin = 100;

// Everything the protocol allows at its worst: each event three times and more, the partitions in
// any mixture, pieces of any size that begin anywhere before what the consumer has.
class StormyStream {
 public:
  StormyStream(const std::vector<FeedEvent>& events, std::mt19937& random) : random_(random) {
    for (const FeedEvent& event : events) {
      partitions_[event.partition].push_back(event);
    }
  }

  // What a consumer of `wanted` gets that has everything up to `positions`.
  WatchEventsResponse Next(const Positions& positions, const PartitionSet& wanted) {
    WatchEventsResponse message;
    Positions next = positions;
    std::vector<std::vector<const FeedEvent*>> queues;
    for (int p = 0; p < kPartitionCount; ++p) {
      if (wanted[p] && random_() % 3 == 0) {
        const int64_t begin = std::max<int64_t>(0, positions[p] - random_() % 6);
        next[p] = std::min<int64_t>(partitions_[p].size(), positions[p] + random_() % 8);
        queues.push_back(Thrice(partitions_[p], begin, next[p]));
      }
    }
    for (const FeedEvent* event : Mix(queues)) {
      ToEventProto("profile", *event, *message.add_events());
    }
    message.set_next_resume_token(EncodeResumeToken("profile", next));
    return message;
  }

  Positions heads() const {
    Positions heads{};
    for (int p = 0; p < kPartitionCount; ++p) {
      heads[p] = static_cast<int64_t>(partitions_[p].size());
    }
    return heads;
  }

 private:
  static std::vector<const FeedEvent*> Thrice(const std::vector<FeedEvent>& events, int64_t begin,
                                              int64_t end) {
    std::vector<const FeedEvent*> queue;
    for (int delivery = 0; delivery < 3; ++delivery) {
      for (int64_t i = begin; i < end; ++i) {
        queue.push_back(&events[i]);
      }
    }
    return queue;
  }

  // The queues in one, each in its own order.
  std::vector<const FeedEvent*> Mix(const std::vector<std::vector<const FeedEvent*>>& queues) {
    std::vector<size_t> turns;
    for (size_t q = 0; q < queues.size(); ++q) {
      turns.insert(turns.end(), queues[q].size(), q);
    }
    std::shuffle(turns.begin(), turns.end(), random_);
    std::vector<size_t> taken_counts(queues.size());
    std::vector<const FeedEvent*> mixed;
    mixed.reserve(turns.size());
    for (const size_t q : turns) {
      mixed.push_back(queues[q][taken_counts[q]++]);
    }
    return mixed;
  }

  std::mt19937& random_;
  std::array<std::vector<FeedEvent>, kPartitionCount> partitions_;
};

// The planted defect: an effect that is committed apart from the position.
class EffectElsewhere final : public EventHandler {
 public:
  EffectElsewhere(sql::Database& elsewhere, EventHandler& effect)
      : elsewhere_(elsewhere), effect_(effect) {}

  absl::Status Apply(sql::Tx&, absl::Span<const common::v1::Event> events) override {
    return elsewhere_.RunInTransaction({}, [&](sql::Tx& tx) { return effect_.Apply(tx, events); });
  }

 private:
  sql::Database& elsewhere_;
  EventHandler& effect_;
};

// Two processes of a consumer that share the feed, each killed and replaced again and again. Now
// and then everybody's leases run out: whoever looks next takes over what others believe to have.
class Storm {
 public:
  Storm(const std::vector<FeedEvent>& events, sql::Database& target, EventHandler& handler,
        FakeClock& clock)
      : stream_(events, random_), target_(target), handler_(handler), clock_(clock) {}

  // Until everything is applied, and as many kills have come; what is applied by then comes again.
  void Run() {
    Replace(processes_[0]);
    Replace(processes_[1]);
    while (kill_count_ < kKillsMin || !IsDone()) {
      std::unique_ptr<EventApplier>& process = processes_.at(random_() % 2);
      switch (random_() % 8) {
        case 0:
          Replace(process);
          ++kill_count_;
          break;
        case 1:
          ExpireEverything();
          break;
        case 2:
          clock_.Advance(kLeaseTtl / 4);
          break;
        default:
          Live(*process);
      }
    }
  }

  int kill_count() const { return kill_count_; }
  int shared_count() const { return shared_count_; }

 private:
  static constexpr absl::Duration kLeaseTtl = absl::Minutes(1);

  // Without a word to the one before: its leases and its membership stay.
  void Replace(std::unique_ptr<EventApplier>& process) {
    process = std::make_unique<EventApplier>(
        ConsumerShare("profile", absl::StrCat("process-", ++process_count_), kLeaseTtl, clock_),
        faulty_, handler_);
  }

  // One message; whatever fails is forgotten, as a consumer does that begins anew.
  void Live(EventApplier& process) {
    const absl::StatusOr<bool> begun = process.Begin();
    if (begun.ok() && *begun) {
      shared_count_ += process.partitions().all() ? 0 : 1;
      WatchEventsResponse message = stream_.Next(process.positions(), process.partitions());
      process.Apply(message).IgnoreError();
    }
  }

  bool IsDone() {
    const auto positions =
        sql::ReadIn(target_, {}, [](sql::Tx& tx) { return ReadConsumerPositions(tx, "profile"); });
    return HasReached(positions.value(), stream_.heads(), AllPartitions());
  }

  void ExpireEverything() {
    ASSERT_EQ(target_.RunInTransaction({},
                                       [](sql::Tx& tx) -> absl::Status {
                                         CLIENTELE_RETURN_IF_ERROR(
                                             tx.Execute(kExpireMembers, {}).status());
                                         return tx.Execute(kExpireLeases, {}).status();
                                       }),
              absl::OkStatus());
  }

  std::mt19937 random_{TestSeed(29)};
  StormyStream stream_;
  sql::Database& target_;
  EventHandler& handler_;
  FakeClock& clock_;
  // One transaction in five is lost, half of these after the commit.
  FaultyDatabase faulty_{
      target_, [this] {
        const uint32_t draw = random_() % 10;
        return draw == 0 ? TxFate::kRollsBack : draw == 1 ? TxFate::kCommitsMute : TxFate::kCommits;
      }};
  std::array<std::unique_ptr<EventApplier>, 2> processes_;
  int process_count_ = 0;
  int kill_count_ = 0;
  int shared_count_ = 0;  // messages to a process that had a part of the feed only
};

TEST_P(ExactlyOnceContract, EffectsAreTheEventsThoughTheConsumerIsKilledAHundredTimes) {
  std::map<std::string, int64_t> counts;
  for (int i = 0; i < kEventCount; i += 3) {
    const std::string customer_id = absl::StrCat("customer-", i % kCustomerCount);
    Append(customer_id, 3);
    counts[customer_id] += 3;
  }
  OutboxMover mover = MakeMover("a", 100);
  MoveAll(mover);
  const std::vector<FeedEvent> events = ReadWholeFeed(*database_);
  ExpectFeedHolds(events, counts);

  const std::unique_ptr<sql::Database> target = GetParam()();
  AppliedLog log;
  log.CreateTable(*target);
  Storm storm(events, *target, log, clock_);
  storm.Run();
  EXPECT_GE(storm.kill_count(), kKillsMin);
  EXPECT_GT(storm.shared_count(), 0);
  std::map<std::string, int64_t> applied_counts;
  for (const std::string& id : log.Read(*target)) {
    const std::string customer_id = id.substr(0, id.find('#'));
    ASSERT_EQ(id, absl::StrCat(customer_id, "#", ++applied_counts[customer_id]));
  }
  EXPECT_EQ(applied_counts, counts);
}

TEST_P(ExactlyOnceContract, AnEffectThatIsStoredApartFromThePositionIsFoundOut) {
  Append("c-1", 300);
  Append("c-2", 300);
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  const std::vector<FeedEvent> events = ReadWholeFeed(*database_);

  const std::unique_ptr<sql::Database> target = GetParam()();
  const std::unique_ptr<sql::Database> elsewhere = GetParam()();
  AppliedLog log;
  log.CreateTable(*elsewhere);
  EffectElsewhere defect(*elsewhere, log);
  Storm storm(events, *target, defect, clock_);
  storm.Run();
  EXPECT_GT(log.Read(*elsewhere).size(), events.size()) << "the storm must show the defect";
}

}  // namespace
}  // namespace clientele::feed
