// The whole chain from a write in one service to its effect in another, while everything on the way
// fails again and again: writers → outbox → sequencer → EventService → consumer → effect.

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "common/feed/consumer.h"
#include "common/feed/sequencer.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/faulty_database.h"
#include "common/feed/testing/feed_server.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/signal.h"
#include "common/rpc/client.h"

namespace clientele::feed {
namespace {

constexpr int kWriteCount = 1500;
constexpr int kCustomerCount = 40;

// One in five transactions is lost, half of those after their commit. Thread-safe.
class Fates {
 public:
  TxFate Next() {
    std::lock_guard<std::mutex> lock(mutex_);
    const uint32_t draw = random_() % 10;
    return draw == 0 ? TxFate::kRollsBack : (draw == 1 ? TxFate::kCommitsMute : TxFate::kCommits);
  }

 private:
  std::mutex mutex_;
  std::mt19937 random_{11};
};

class FeedChainTest : public ::testing::Test {
 protected:
  FeedChainTest() { log_.CreateTable(*target_); }

  // Writes and pokes, as a service's handlers do.
  void WriteAll() {
    std::mt19937 random(5);
    for (int i = 0; i < kWriteCount; ++i) {
      const std::string customer_id = absl::StrCat("customer-", random() % kCustomerCount);
      const int count = 1 + static_cast<int>(random() % 4);
      ASSERT_EQ(source_->RunInTransaction(
                    {}, [&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); }),
                absl::OkStatus());
      written_counts_[customer_id] += count;
      written_count_ += count;
      sequencer_.Poke();
    }
  }

  std::unique_ptr<FeedServer> StartServer(int port) {
    return std::make_unique<FeedServer>(EventServiceSources{.service_name = "profile",
                                                            .database = *source_,
                                                            .notifier = notifier_,
                                                            .clock = clock_,
                                                            .consumers = {}},
                                        port);
  }

  std::unique_ptr<Consumer> StartConsumer(int port) {
    return StartConsumer(port, "local", faulty_target_);
  }

  std::unique_ptr<Consumer> StartConsumer(int port, const std::string& holder,
                                          sql::Database& target) {
    ConsumerOptions options;
    options.holder = holder;
    options.lease_ttl = absl::Milliseconds(500);
    options.heartbeat_interval = absl::Milliseconds(100);
    options.backoff_min = absl::Milliseconds(1);
    options.backoff_max = absl::Milliseconds(5);
    auto consumer = std::make_unique<Consumer>(
        FeedSource{"profile", rpc::Connect(absl::StrCat("127.0.0.1:", port)), "thing"}, options,
        target, log_, clock_, [](const ConsumerFailure&) {});
    consumer->Start();
    return consumer;
  }

  void ExpectEachEventAppliedOnceInOrder() {
    std::map<std::string, int64_t> applied_counts;
    for (const std::string& id : log_.Read(*target_)) {
      const std::string customer_id = id.substr(0, id.find('#'));
      ASSERT_EQ(id, absl::StrCat(customer_id, "#", ++applied_counts[customer_id]));
    }
    EXPECT_EQ(applied_counts, written_counts_);
  }

  const SystemClock clock_;
  Fates fates_;
  Signal progress_;
  std::unique_ptr<sql::Database> source_ = OpenFreshSqlite();
  std::unique_ptr<sql::Database> target_ = OpenFreshSqlite();
  FaultyDatabase faulty_source_{*source_, [this] { return fates_.Next(); }};
  FaultyDatabase faulty_target_{*target_, [this] { return fates_.Next(); },
                                [this] { progress_.Wake(); }};
  FeedNotifier notifier_;
  Sequencer sequencer_{{.poll_interval = absl::Milliseconds(1), .pace = absl::ZeroDuration()},
                       faulty_source_,
                       clock_,
                       notifier_,
                       [](const absl::Status&) {}};
  AppliedLog log_;
  std::map<std::string, int64_t> written_counts_;
  std::atomic<int64_t> written_count_{0};
};

TEST_F(FeedChainTest, AppliesEachEventOnceThoughEverythingOnTheWayFails) {
  std::mt19937 random(17);
  log_.SetFault([&random] {
    return random() % 3 == 0 ? absl::UnavailableError("injected") : absl::OkStatus();
  });
  sequencer_.Start();
  std::unique_ptr<FeedServer> server = StartServer(0);
  const int port = server->port();
  std::thread writer([this] { WriteAll(); });

  // Every life of the consumer ends when it has got on a little; every other one with the server's.
  size_t applied_count = 0;
  for (int life = 0; life < 12; ++life) {
    std::unique_ptr<Consumer> consumer = StartConsumer(port);
    EXPECT_TRUE(progress_.Await([&] {
      const size_t count = log_.Read(*target_).size();
      return count > applied_count || count == static_cast<size_t>(written_count_);
    }));
    consumer.reset();
    applied_count = log_.Read(*target_).size();
    if (life % 2 == 0) {
      server.reset();
      server = StartServer(port);
    }
  }
  writer.join();

  std::unique_ptr<Consumer> consumer = StartConsumer(port);
  EXPECT_TRUE(progress_.Await(
      [&] { return log_.Read(*target_).size() >= static_cast<size_t>(written_count_); }));
  consumer.reset();
  ExpectEachEventAppliedOnceInOrder();
}

TEST_F(FeedChainTest, TwoReplicasShareTheFeedUntilOneOfThemIsKilled) {
  sequencer_.Start();
  const std::unique_ptr<FeedServer> server = StartServer(0);
  std::atomic<bool> killed{false};
  FaultyDatabase mortal(
      *target_, [&] { return killed ? TxFate::kRollsBack : TxFate::kCommits; },
      [this] { progress_.Wake(); });
  std::unique_ptr<Consumer> survivor = StartConsumer(server->port(), "survivor", faulty_target_);
  std::unique_ptr<Consumer> victim = StartConsumer(server->port(), "victim", mortal);
  std::thread writer([this] { WriteAll(); });
  EXPECT_TRUE(progress_.Await([&] {
    return survivor->Status().partitions.count() == 8 && victim->Status().partitions.count() == 8;
  }));
  EXPECT_EQ(survivor->Status().partitions ^ victim->Status().partitions, AllPartitions());
  killed = true;
  victim.reset();
  EXPECT_TRUE(progress_.Await([&] { return survivor->Status().partitions.all(); }));
  writer.join();
  EXPECT_TRUE(progress_.Await(
      [&] { return log_.Read(*target_).size() >= static_cast<size_t>(written_count_); }));
  survivor.reset();
  ExpectEachEventAppliedOnceInOrder();
}

}  // namespace
}  // namespace clientele::feed
