#include "common/cache/redis/client.h"

#include <fstream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/redis/testing/recording_observer.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

// Only a broken client or server takes that long.
constexpr absl::Duration kLong = absl::Seconds(30);

Command MakeCommand(absl::Span<const absl::string_view> arguments) {
  Command command{.key = arguments[1], .bytes = {}};
  AppendCommand(arguments, command.bytes);
  return command;
}

class RedisClient : public ::testing::Test {
 protected:
  static TopologyOptions OptionsFor(const Address& address) {
    TopologyOptions options;
    options.addresses = {address};
    options.node.latency_budget = kLong;
    options.node.failures_max = 3;
    return options;
  }

  static absl::StatusOr<Reply> RunOne(Client& client, absl::Span<const absl::string_view> arguments,
                                      absl::Time deadline = absl::InfiniteFuture()) {
    return client.Run({MakeCommand(arguments)}, deadline)[0];
  }

  PrivateRedis redis_;
  RecordingObserver observer_;
};

TEST_F(RedisClient, AnswersAPipelineInOrder) {
  Client client(OptionsFor(redis_.address()), observer_);
  std::vector<Command> commands;
  commands.reserve(kPipelineCommandsMax);
  std::vector<std::string> keys(kPipelineCommandsMax / 2);
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i] = absl::StrCat("key", i);
    commands.push_back(MakeCommand({"SET", keys[i], absl::StrCat("value", i)}));
    commands.push_back(MakeCommand({"GET", keys[i]}));
  }
  const auto replies = client.Run(commands, absl::InfiniteFuture());
  for (size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(replies[2 * i + 1]->text, absl::StrCat("value", i));
  }
  EXPECT_EQ(observer_.successes(), 1);
}

TEST_F(RedisClient, HandsOnTheErrorOfASingleCommand) {
  Client client(OptionsFor(redis_.address()), observer_);
  redis_.Ask({"RPUSH", "list", "a"});
  const auto replies = client.Run({MakeCommand({"GET", "list"}), MakeCommand({"GET", "other"})},
                                  absl::InfiniteFuture());
  EXPECT_TRUE(replies[0]->IsError());
  EXPECT_EQ(replies[1]->kind, Reply::Kind::kNil);
}

TEST_F(RedisClient, UsesAConnectionAgain) {
  Client client(OptionsFor(redis_.address()), observer_);
  const std::string first = RunOne(client, {"SET", "k", "v"})->text;
  const std::string before = redis_.Ask({"INFO", "stats"}).text;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(RunOne(client, {"GET", "k"})->text, "v");
  }
  const auto connections = [](const std::string& stats) {
    const size_t at = stats.find("total_connections_received:");
    return std::stoi(stats.substr(at + 27));
  };
  // One more: that of Ask itself.
  EXPECT_EQ(connections(redis_.Ask({"INFO", "stats"}).text), connections(before) + 1);
}

TEST_F(RedisClient, ReconnectsAfterTheServerHasClosedItsConnections) {
  Client client(OptionsFor(redis_.address()), observer_);
  ASSERT_TRUE(RunOne(client, {"SET", "k", "v"}).ok());
  redis_.Ask({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(RunOne(client, {"GET", "k"})->text, "v");
  EXPECT_EQ(observer_.failures(), 0);
}

TEST_F(RedisClient, OpensTheBreakerWhenTheServerIsKilledAndClosesItWhenItIsBack) {
  Client client(OptionsFor(redis_.address()), observer_);
  ASSERT_TRUE(RunOne(client, {"SET", "k", "v"}).ok());
  redis_.Kill();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(absl::IsUnavailable(RunOne(client, {"GET", "k"}).status()));
  }
  ASSERT_TRUE(observer_.AwaitBreaker(redis_.address(), /*is_open=*/true));
  const int failures = observer_.failures();
  EXPECT_TRUE(absl::IsUnavailable(RunOne(client, {"GET", "k"}).status()));
  EXPECT_EQ(observer_.failures(), failures);  // the server was not asked
  redis_.Start();
  ASSERT_TRUE(observer_.AwaitBreaker(redis_.address(), /*is_open=*/false));
  EXPECT_TRUE(RunOne(client, {"GET", "k"}).ok());
}

TEST_F(RedisClient, OpensTheBreakerWhenTheServerIsPaused) {
  TopologyOptions options = OptionsFor(redis_.address());
  options.node.latency_budget = absl::Milliseconds(20);
  Client client(std::move(options), observer_);
  redis_.Pause();
  while (!absl::IsUnavailable(RunOne(client, {"GET", "k"}).status())) {
  }
  EXPECT_TRUE(observer_.AwaitBreaker(redis_.address(), /*is_open=*/true));
  redis_.Resume();
  EXPECT_TRUE(observer_.AwaitBreaker(redis_.address(), /*is_open=*/false));
}

TEST_F(RedisClient, DoesNotBlameTheServerForACallerInAHurry) {
  Client client(OptionsFor(redis_.address()), observer_);
  redis_.Pause();
  for (int i = 0; i < 10; ++i) {
    const absl::Time deadline = absl::Now() + absl::Milliseconds(2);
    EXPECT_TRUE(absl::IsDeadlineExceeded(RunOne(client, {"GET", "k"}, deadline).status()));
  }
  redis_.Resume();
  EXPECT_TRUE(RunOne(client, {"GET", "k"}).ok());
}

TEST_F(RedisClient, NeverGivesTheReplyOfAGivenUpCommandToTheNext) {
  Client client(OptionsFor(redis_.address()), observer_);
  redis_.Ask({"SET", "a", "1"});
  redis_.Ask({"SET", "b", "2"});
  ASSERT_EQ(RunOne(client, {"GET", "a"})->text, "1");
  redis_.Pause();
  EXPECT_FALSE(RunOne(client, {"GET", "a"}, absl::Now() + absl::Milliseconds(2)).ok());
  redis_.Resume();
  EXPECT_EQ(RunOne(client, {"GET", "b"})->text, "2");
}

TEST_F(RedisClient, SharesFewConnectionsAmongManyThreads) {
  TopologyOptions options = OptionsFor(redis_.address());
  options.node.connections_max = 2;
  Client client(std::move(options), observer_);
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&client, i] {
      const std::string key = absl::StrCat("key", i);
      for (int round = 0; round < 50; ++round) {
        const std::string value = absl::StrCat(key, ":", round);
        ASSERT_TRUE(RunOne(client, {"SET", key, value}).ok());
        ASSERT_EQ(RunOne(client, {"GET", key})->text, value);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_F(RedisClient, FindsANameWithoutMakingARequestWait) {
  const int port = FreePort();
  const PrivateRedis tcp({"--port", absl::StrCat(port)});
  Client client(OptionsFor({.host = "localhost", .port = port}), observer_);
  const absl::Time give_up = absl::Now() + kLong;
  absl::StatusOr<Reply> reply = RunOne(client, {"GET", "k"});
  while (!reply.ok() && absl::Now() < give_up) {
    ASSERT_TRUE(absl::IsUnavailable(reply.status()));
    reply = RunOne(client, {"GET", "k"});
  }
  EXPECT_TRUE(reply.ok());
}

TEST_F(RedisClient, LogsInAsAnAclUserWithAPasswordFromAFile) {
  redis_.Ask({"ACL", "SETUSER", "clientele", "on", ">right", "~app:*", "+get", "+ping"});
  std::ofstream(redis_.File("password")) << "right\n";
  TopologyOptions options = OptionsFor(redis_.address());
  options.node.login.user = "clientele";
  options.node.login.password_file = redis_.File("password");
  Client client(std::move(options), observer_);
  EXPECT_TRUE(RunOne(client, {"GET", "app:k"}).ok());
  EXPECT_TRUE(RunOne(client, {"GET", "other"})->IsError());
}

TEST_F(RedisClient, TellsWhyItCannotLogInAndTakesANewPassword) {
  redis_.Ask({"CONFIG", "SET", "requirepass", "right"});
  std::ofstream(redis_.File("password")) << "wrong\n";
  TopologyOptions options = OptionsFor(redis_.address());
  options.node.failures_max = 1;
  options.node.login.password_file = redis_.File("password");
  Client client(std::move(options), observer_);
  EXPECT_FALSE(RunOne(client, {"GET", "k"}).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(observer_.AwaitProbeFailure()));
  std::ofstream(redis_.File("password")) << "right\n";
  EXPECT_TRUE(observer_.AwaitBreaker(redis_.address(), /*is_open=*/false));
  EXPECT_TRUE(RunOne(client, {"GET", "k"}).ok());
}

TEST_F(RedisClient, SelectsADatabase) {
  TopologyOptions options = OptionsFor(redis_.address());
  options.node.login.database = 3;
  Client client(std::move(options), observer_);
  ASSERT_TRUE(RunOne(client, {"SET", "k", "v"}).ok());
  EXPECT_EQ(redis_.Ask({"EXISTS", "k"}).integer, 0);
}

}  // namespace
}  // namespace clientele::redis
