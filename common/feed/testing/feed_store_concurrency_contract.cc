// Many writers, failing transactions and a sequencer that dies again and again: the feed must come
// out as if nothing had gone wrong.

#include <atomic>
#include <random>
#include <thread>

#include "common/feed/feed_notifier.h"
#include "common/feed/sequencer.h"
#include "common/feed/testing/faulty_database.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/signal.h"

namespace clientele::feed {
namespace {

constexpr int kWriterCount = 4;
constexpr int kWritesPerWriter = 150;
constexpr int kWritesPerLife = 50;
constexpr int kCustomerCount = 24;

// Draws fates from a seeded source; thread-safe.
class Fates {
 public:
  explicit Fates(uint32_t seed) : random_(seed) {}

  TxFate Next() {
    std::lock_guard<std::mutex> lock(mutex_);
    switch (std::uniform_int_distribution<int>(0, 9)(random_)) {
      case 0:
        return TxFate::kRollsBack;
      case 1:
        return TxFate::kCommitsMute;
      default:
        return TxFate::kCommits;
    }
  }

 private:
  std::mutex mutex_;
  std::mt19937 random_;
};

class Writers {
 public:
  // `after_write` is called after each transaction, committed or not, on the writer's thread.
  Writers(sql::Database& database, Signal& progress, std::function<void()> after_write)
      : database_(database), progress_(progress), after_write_(std::move(after_write)) {
    for (int w = 0; w < kWriterCount; ++w) {
      threads_.emplace_back([this, w] { Write(w); });
    }
  }

  void Join() {
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

  bool done() const { return finished_ == kWriterCount; }
  const std::map<std::string, int64_t>& committed_counts() const { return committed_counts_; }

 private:
  void Write(int writer) {
    std::mt19937 random(writer);
    for (int i = 0; i < kWritesPerWriter; ++i) {
      const std::string customer_id = absl::StrCat("customer-", random() % kCustomerCount);
      const int count = 1 + static_cast<int>(random() % 3);
      const bool refuse = random() % 5 == 0;
      const absl::Status status = database_.RunInTransaction({}, [&](sql::Tx& tx) {
        const absl::Status appended = AppendNumbered(tx, customer_id, count);
        return appended.ok() && refuse ? absl::FailedPreconditionError("refused") : appended;
      });
      EXPECT_EQ(status.ok(), !refuse) << status;
      if (status.ok()) {
        std::lock_guard<std::mutex> lock(mutex_);
        committed_counts_[customer_id] += count;
      }
      after_write_();
    }
    ++finished_;
    progress_.Wake();
  }

  sql::Database& database_;
  Signal& progress_;
  const std::function<void()> after_write_;
  std::mutex mutex_;
  std::map<std::string, int64_t> committed_counts_;
  std::atomic<int> finished_{0};
  std::vector<std::thread> threads_;
};

TEST_P(FeedStoreContract, LosesAndRepeatsNothingWhenTheSequencerDiesAgainAndAgain) {
  Fates fates(7);
  FaultyDatabase faulty(*database_, [&] { return fates.Next(); });
  const SystemClock clock;
  FeedNotifier notifier;
  Signal progress;
  const auto subscription = notifier.Subscribe([&] { progress.Wake(); });

  std::mutex mutex;
  std::unique_ptr<Sequencer> sequencer;
  std::atomic<int> write_count{0};
  std::atomic<int> life_count{0};
  Writers writers(*database_, progress, [&] {
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (sequencer != nullptr) {
        sequencer->Poke();
      }
    }
    const int write_number = ++write_count;
    EXPECT_TRUE(progress.Await([&] { return write_number <= kWritesPerLife * (life_count + 1); }));
  });
  const SequencerOptions options{
      .poll_interval = absl::Milliseconds(1), .pace = absl::ZeroDuration(), .batch_max = 7};
  while (!writers.done()) {
    auto next = std::make_unique<Sequencer>(options, faulty, clock, notifier,
                                            [&](const absl::Status&) { progress.Wake(); });
    next->Start();
    {
      std::lock_guard<std::mutex> lock(mutex);
      sequencer.swap(next);
    }
    next.reset();  // the one before dies beside its successor
    ++life_count;
    progress.Wake();
    EXPECT_TRUE(progress.Await([&] { return writers.done() || sequencer->moved_count() > 20; }));
  }
  writers.Join();
  sequencer.reset();

  OutboxMover mover(*database_, clock, "local", absl::Seconds(10), 1000);
  MoveAll(mover);
  ExpectFeedHolds(ReadWholeFeed(*database_), writers.committed_counts());
}

TEST_P(FeedStoreContract, KeepsOrderWhenTwoReplicasFightOverTheFeed) {
  const SystemClock clock;
  FeedNotifier notifier;
  Signal progress;
  const auto subscription = notifier.Subscribe([&] { progress.Wake(); });
  // One name for both is a wrong configuration: each takes the lease from the other all the time.
  const SequencerOptions options{.holder = "both",
                                 .poll_interval = absl::Milliseconds(1),
                                 .pace = absl::ZeroDuration(),
                                 .batch_max = 5};
  const auto ignore = [](const absl::Status&) {};
  Sequencer one(options, *database_, clock, notifier, ignore);
  Sequencer two(options, *database_, clock, notifier, ignore);
  one.Start();
  two.Start();
  Writers writers(*database_, progress, [&] {
    one.Poke();
    two.Poke();
  });
  writers.Join();
  int64_t total = 0;
  for (const auto& [customer_id, count] : writers.committed_counts()) {
    total += count;
  }
  EXPECT_TRUE(progress.Await(
      [&] { return static_cast<int64_t>(ReadWholeFeed(*database_).size()) == total; }));
  one.Stop();
  two.Stop();
  ExpectFeedHolds(ReadWholeFeed(*database_), writers.committed_counts());
}

TEST_P(FeedStoreContract, HandsTheFeedOverBetweenTwoReplicasAtAnyMoment) {
  const SystemClock clock;
  FeedNotifier notifier;
  Signal progress;
  const auto subscription = notifier.Subscribe([&] { progress.Wake(); });
  const auto options = [](const std::string& holder) {
    return SequencerOptions{.holder = holder,
                            .poll_interval = absl::Milliseconds(1),
                            .pace = absl::ZeroDuration(),
                            .batch_max = 5};
  };
  const auto ignore = [](const absl::Status&) {};
  Sequencer one(options("one"), *database_, clock, notifier, ignore);
  Sequencer two(options("two"), *database_, clock, notifier, ignore);
  one.Start();
  two.Start();
  std::atomic<int> write_count{0};
  Writers writers(*database_, progress, [&] {
    // Whoever looks next takes over, while the one before does not know and goes on.
    if (++write_count % 5 == 0) {
      Tamper(kExpireLeases.text);
    }
    one.Poke();
    two.Poke();
  });
  writers.Join();
  int64_t total = 0;
  for (const auto& [customer_id, count] : writers.committed_counts()) {
    total += count;
  }
  EXPECT_TRUE(progress.Await([&] { return one.moved_count() + two.moved_count() >= total; }));
  one.Stop();
  two.Stop();
  EXPECT_GT(one.moved_count(), 0);
  EXPECT_GT(two.moved_count(), 0);
  EXPECT_EQ(one.moved_count() + two.moved_count(), total);
  ExpectFeedHolds(ReadWholeFeed(*database_), writers.committed_counts());
}

TEST_P(FeedStoreContract, MovesWhatACrashLeftWithoutBeingPoked) {
  Append("c-1", 3);
  const SystemClock clock;
  FeedNotifier notifier;
  Signal progress;
  const auto subscription = notifier.Subscribe([&] { progress.Wake(); });
  Sequencer sequencer({}, *database_, clock, notifier, [](const absl::Status&) {});
  sequencer.Start();
  EXPECT_TRUE(progress.Await([&] { return sequencer.moved_count() == 3; }));
  sequencer.Stop();
  ExpectFeedHolds(ReadWholeFeed(*database_), {{"c-1", 3}});
}

TEST_P(FeedStoreContract, TellsItsWatchersWhatAnotherReplicaMoved) {
  const SystemClock clock;
  FeedNotifier idle_notifier;
  Signal progress;
  std::atomic<bool> is_told{false};
  const auto subscription = idle_notifier.Subscribe([&] {
    is_told = true;
    progress.Wake();
  });
  OutboxMover other(*database_, clock, "other", absl::Seconds(60), 1000);
  MoveAll(other);
  Sequencer idle({.holder = "idle", .poll_interval = absl::Milliseconds(1)}, *database_, clock,
                 idle_notifier, [](const absl::Status& status) { ADD_FAILURE() << status; });
  idle.Start();
  Append("c-1", 1);
  MoveAll(other);
  EXPECT_TRUE(progress.Await([&] { return is_told.load(); }));
  EXPECT_EQ(idle.moved_count(), 0);
}

}  // namespace
}  // namespace clientele::feed
