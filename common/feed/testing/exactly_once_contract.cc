#include "common/feed/testing/exactly_once_contract.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "common/feed/event_applier.h"
#include "common/feed/event_converter.h"
#include "common/feed/lease.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/faulty_database.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsResponse;

constexpr int kCustomerCount = 24;
constexpr int kEventCount = 1500;
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

  // What a consumer gets that has everything up to `positions`.
  WatchEventsResponse Next(const Positions& positions) {
    WatchEventsResponse message;
    Positions next = positions;
    std::vector<std::vector<const FeedEvent*>> queues;
    for (int p = 0; p < kPartitionCount; ++p) {
      if (random_() % 3 == 0) {
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

// A consumer that is killed again and again, each time replaced by another process.
class Storm {
 public:
  Storm(const std::vector<FeedEvent>& events, sql::Database& target, EventHandler& handler,
        const Clock& clock)
      : stream_(events, random_), target_(target), handler_(handler), clock_(clock) {}

  // Until everything is applied.
  void Run() {
    std::unique_ptr<EventApplier> last;
    for (bool done = false; !done;) {
      ExpireLeases();
      auto applier = std::make_unique<EventApplier>(
          "profile",
          Lease("consumer/profile", absl::StrCat("process-", kill_count_), absl::Minutes(1),
                clock_),
          faulty_, handler_);
      const absl::StatusOr<bool> begun = applier->Begin();
      if (begun.ok() && *begun) {
        ExpectNoEffectOfTheOneBefore(last.get());
        done = Live(*applier);
        last = std::move(applier);
      }
      ++kill_count_;
    }
  }

  int kill_count() const { return kill_count_; }

 private:
  // One life; whether everything is applied at its end.
  bool Live(EventApplier& applier) {
    while (random_() % 4 != 0) {
      WatchEventsResponse message = stream_.Next(applier.positions());
      if (!applier.Apply(message).ok()) {
        return false;
      }
    }
    is_held_ = true;
    return HasReached(applier.positions(), stream_.heads(), AllPartitions());
  }

  // Whose lease was taken while it looked away goes on with what it has.
  void ExpectNoEffectOfTheOneBefore(EventApplier* last) {
    if (std::exchange(is_held_, false) && last != nullptr) {
      WatchEventsResponse message = stream_.Next(last->positions());
      if (message.events_size() > 0 && HasNews(message, last->positions())) {
        EXPECT_FALSE(last->Apply(message).ok());
      }
    }
  }

  static bool HasNews(const WatchEventsResponse& message, const Positions& positions) {
    return DecodeResumeToken("profile", message.next_resume_token()).value() != positions;
  }

  void ExpireLeases() {
    ASSERT_EQ(target_.RunInTransaction(
                  {}, [](sql::Tx& tx) { return tx.Execute(kExpireLeases, {}).status(); }),
              absl::OkStatus());
  }

  std::mt19937 random_{29};
  StormyStream stream_;
  sql::Database& target_;
  EventHandler& handler_;
  const Clock& clock_;
  // One transaction in five is lost, half of these after the commit.
  FaultyDatabase faulty_{
      target_, [this] {
        const uint32_t draw = random_() % 10;
        return draw == 0 ? TxFate::kRollsBack : draw == 1 ? TxFate::kCommitsMute : TxFate::kCommits;
      }};
  bool is_held_ = false;  // the last one ended without an error
  int kill_count_ = 0;
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
