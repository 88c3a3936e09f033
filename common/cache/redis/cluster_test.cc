// The client against a real Redis Cluster of six nodes.

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/client.h"
#include "common/cache/redis/slot.h"
#include "common/cache/redis/testing/private_cluster.h"
#include "common/cache/redis/testing/recording_observer.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

constexpr absl::Duration kLong = absl::Seconds(60);
constexpr size_t kKeyCount = 500;

class RedisCluster : public ::testing::Test {
 protected:
  RedisCluster() {
    for (size_t i = 0; i < kKeyCount; ++i) {
      keys_.push_back(absl::StrCat("key", i));
    }
  }

  TopologyOptions Options() const {
    TopologyOptions options;
    options.addresses = cluster_.addresses();
    options.is_cluster = true;
    options.node.latency_budget = absl::Seconds(5);
    options.node.failures_max = 3;
    return options;
  }

  // One command about every key; `value` is empty for GET.
  std::vector<absl::StatusOr<Reply>> RunAll(Client& client, absl::string_view value) {
    std::vector<Command> commands;
    commands.reserve(kKeyCount);
    for (const std::string& key : keys_) {
      Command& command = commands.emplace_back(Command{.key = key, .bytes = {}});
      if (value.empty()) {
        AppendCommand({"GET", key}, command.bytes);
      } else {
        AppendCommand({"SET", key, value}, command.bytes);
      }
    }
    return client.Run(commands, absl::InfiniteFuture());
  }

  // Repeats `value` until every key took it.
  bool AwaitAll(Client& client, absl::string_view value) {
    const absl::Time give_up = absl::Now() + kLong;
    while (absl::Now() < give_up) {
      const auto replies = RunAll(client, value);
      if (std::all_of(replies.begin(), replies.end(),
                      [](const auto& reply) { return reply.ok() && !reply->IsError(); })) {
        return true;
      }
    }
    return false;
  }

  void ExpectAll(Client& client, absl::string_view value) {
    for (const absl::StatusOr<Reply>& reply : RunAll(client, "")) {
      ASSERT_TRUE(reply.ok()) << reply.status();
      ASSERT_EQ(reply->text, value);
    }
  }

  PrivateCluster cluster_;
  RecordingObserver observer_;
  std::vector<std::string> keys_;
};

TEST_F(RedisCluster, SpreadsABatchOverItsNodes) {
  Client client(Options(), observer_);
  ASSERT_TRUE(AwaitAll(client, "one"));
  ExpectAll(client, "one");
}

TEST_F(RedisCluster, FollowsASlotWhileItMovesAndAfterwards) {
  Client client(Options(), observer_);
  ASSERT_TRUE(AwaitAll(client, "before"));
  const std::string& key = keys_[0];
  const std::string slot = absl::StrCat(SlotOf(key));
  const size_t from = cluster_.MasterOf(SlotOf(key));
  const size_t to = cluster_.MasterOf((SlotOf(key) + kSlotCount / 2) % kSlotCount);
  ASSERT_NE(from, to);
  cluster_.node(to).Ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", cluster_.IdOf(from)});
  cluster_.node(from).Ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", cluster_.IdOf(to)});
  const Address target = cluster_.addresses()[to];
  cluster_.node(from).Ask({"MIGRATE", target.host, absl::StrCat(target.port), key, "0", "5000"});
  ExpectAll(client, "before");  // ASK: the key is at its new node, the slot is not
  for (const size_t node : {to, from}) {
    cluster_.node(node).Ask({"CLUSTER", "SETSLOT", slot, "NODE", cluster_.IdOf(to)});
  }
  ExpectAll(client, "before");  // MOVED
  const absl::Time give_up = absl::Now() + kLong;
  while (client.topology().NodeOf(key)->address() != target && absl::Now() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_EQ(client.topology().NodeOf(key)->address(), target);  // and learned it
}

TEST_F(RedisCluster, GoesToTheReplicaWhenAMasterIsKilled) {
  Client client(Options(), observer_);
  ASSERT_TRUE(AwaitAll(client, "before"));
  const size_t lost = cluster_.MasterOf(SlotOf(keys_[0]));
  const Address lost_address = cluster_.addresses()[lost];
  cluster_.node(lost).Kill();
  size_t served = 0;
  for (const absl::StatusOr<Reply>& reply : RunAll(client, "")) {
    served += reply.ok() ? 1 : 0;
  }
  EXPECT_GT(served, kKeyCount / 2);  // what lies at the other masters
  EXPECT_LT(served, kKeyCount);
  ASSERT_TRUE(AwaitAll(client, "after"));
  ExpectAll(client, "after");
  EXPECT_NE(client.topology().NodeOf(keys_[0])->address(), lost_address);
}

}  // namespace
}  // namespace clientele::redis
