#include "common/cache/redis/subscriber.h"

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/redis/testing/recording_observer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// So long that only a broken server is lost by it.
constexpr absl::Duration kNoHurry = absl::Seconds(30);

// What a subscriber told, in order: "up", "down", "ended", "=text".
class Diary {
 public:
  Listener MakeListener() {
    return {.on_up = [this] { Write("up"); },
            .on_message = [this](absl::string_view text) { Write(absl::StrCat("=", text)); },
            .on_down =
                [this](const absl::Status& reason) {
                  Write(absl::IsCancelled(reason) ? "ended" : "down");
                }};
  }

  // The entries from the last one that is `first`, as soon as the last of all is `last`.
  std::vector<std::string> Await(const std::string& first, const std::string& last) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(changed_.wait_until(lock, absl::ToChronoTime(absl::Now() + absl::Seconds(60)), [&] {
      return !entries_.empty() && entries_.back() == last && !From(first).empty();
    }));
    return From(first);
  }

 private:
  void Write(std::string entry) {
    std::lock_guard<std::mutex> lock(mutex_);
    entries_.push_back(std::move(entry));
    changed_.notify_all();
  }
  std::vector<std::string> From(const std::string& first) const {
    const auto found = std::find(entries_.rbegin(), entries_.rend(), first);
    return found == entries_.rend() ? std::vector<std::string>()
                                    : std::vector<std::string>(found.base() - 1, entries_.end());
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> entries_;
};

class RedisSubscriber : public ::testing::Test {
 protected:
  TopologyOptions Options() const {
    TopologyOptions options;
    options.addresses = {redis_.address()};
    return options;
  }

  PrivateRedis redis_;
  RecordingObserver observer_;
  Diary diary_;
  Topology topology_{Options(), observer_};
};

TEST_F(RedisSubscriber, HearsWhatIsPublishedOnceItIsUp) {
  const Subscriber subscriber(topology_, "channel", kNoHurry, diary_.MakeListener());
  diary_.Await("up", "up");
  redis_.Ask({"PUBLISH", "channel", "one"});
  redis_.Ask({"PUBLISH", "other", "not this"});
  redis_.Ask({"PUBLISH", "channel", "two"});
  EXPECT_THAT(diary_.Await("up", "=two"), ElementsAre("up", "=one", "=two"));
}

TEST_F(RedisSubscriber, IsDownWhenTheServerIsKilledAndUpWhenItIsBack) {
  const Subscriber subscriber(topology_, "channel", kNoHurry, diary_.MakeListener());
  diary_.Await("up", "up");
  redis_.Kill();
  diary_.Await("up", "down");
  redis_.Start();
  diary_.Await("up", "up");
  redis_.Ask({"PUBLISH", "channel", "again"});
  EXPECT_THAT(diary_.Await("up", "=again"), ElementsAre("up", "=again"));
}

TEST_F(RedisSubscriber, NoticesAServerThatFallsSilent) {
  const Subscriber subscriber(topology_, "channel", absl::Milliseconds(50), diary_.MakeListener());
  diary_.Await("up", "up");
  redis_.Pause();
  EXPECT_THAT(diary_.Await("up", "down"), Contains("down"));
  redis_.Resume();
  diary_.Await("up", "up");
}

TEST_F(RedisSubscriber, StaysUpWhileNothingIsPublished) {
  const Subscriber subscriber(topology_, "channel", absl::Milliseconds(300), diary_.MakeListener());
  diary_.Await("up", "up");
  // Signs of life were asked for and came.
  const auto pings = [this] {
    const std::string stats = redis_.Ask({"INFO", "commandstats"}).text;
    const size_t at = stats.find("cmdstat_ping:calls=");
    return at == std::string::npos ? 0 : std::stoi(stats.substr(at + 19));
  };
  while (pings() < 5) {
  }
  redis_.Ask({"PUBLISH", "channel", "still here"});
  EXPECT_THAT(diary_.Await("up", "=still here"), ElementsAre("up", "=still here"));
}

TEST_F(RedisSubscriber, IsDownForTheLastTimeWhenItEnds) {
  {
    const Subscriber subscriber(topology_, "channel", kNoHurry, diary_.MakeListener());
    diary_.Await("up", "up");
  }
  EXPECT_THAT(diary_.Await("up", "ended"), ElementsAre("up", "ended"));
}

TEST_F(RedisSubscriber, TellsNothingBeforeTheNodesWereLookedAt) {
  TopologyOptions options = Options();
  options.addresses = {{.host = "localhost", .port = 1}};  // a name: unknown until it is looked up
  Topology topology(options, observer_);
  std::promise<absl::Status> first;
  Listener listener = diary_.MakeListener();
  listener.on_down = [&first, is_told = false](const absl::Status& why) mutable {
    if (!std::exchange(is_told, true)) {
      first.set_value(why);
    }
  };
  const Subscriber subscriber(topology, "channel", kNoHurry, std::move(listener));
  EXPECT_THAT(first.get_future().get().message(), HasSubstr("connecting failed"));
}

TEST_F(RedisSubscriber, StaysDownWhenTheUserMayNotListen) {
  redis_.Ask({"ACL", "SETUSER", "default", "resetchannels"});
  absl::Status reason;
  std::mutex mutex;
  std::condition_variable told;
  Listener listener = diary_.MakeListener();
  listener.on_down = [&](const absl::Status& why) {
    std::lock_guard<std::mutex> lock(mutex);
    reason = why;
    told.notify_one();
  };
  const Subscriber subscriber(topology_, "channel", kNoHurry, std::move(listener));
  std::unique_lock<std::mutex> lock(mutex);
  told.wait(lock, [&] { return absl::IsPermissionDenied(reason); });
}

}  // namespace
}  // namespace clientele::redis
