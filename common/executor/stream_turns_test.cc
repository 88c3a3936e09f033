#include "common/executor/stream_turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace clientele {
namespace {

class StreamTurnsTest : public testing::Test {
 protected:
  // Returns once no task waits or runs: asked at one moment, for one that waits may be running when
  // that is asked.
  void WaitUntilIdle() {
    Executor::Load load = executor_.load();
    while (load.running_count + load.arrival_count > 0) {
      std::this_thread::yield();
      load = executor_.load();
    }
  }

  Executor executor_{{.thread_limit = 2, .arrival_limit = 64, .lane_limit = 64}};
  TimerQueue timers_;
};

TEST_F(StreamTurnsTest, HoldsNoThreadWhileItWaits) {
  std::shared_ptr<StreamTurns> turns;
  std::promise<void> second_turn;
  int turn_count = 0;
  turns = StreamTurns::Make(executor_, timers_, [&] {
    if (++turn_count == 1) {
      turns->Wait(absl::InfiniteDuration());
    } else {
      turns->Close();
      second_turn.set_value();
    }
  });
  ASSERT_TRUE(turns->Start());
  WaitUntilIdle();
  EXPECT_EQ(turn_count, 1);
  turns->Wake();
  second_turn.get_future().wait();
  EXPECT_EQ(executor_.load().lane_count, 0);
}

TEST_F(StreamTurnsTest, TakesATurnAfterTheDelayWithoutAWakeUp) {
  std::shared_ptr<StreamTurns> turns;
  std::promise<void> done;
  int turn_count = 0;
  turns = StreamTurns::Make(executor_, timers_, [&] {
    if (++turn_count < 3) {
      turns->Wait(absl::Milliseconds(1));
    } else {
      turns->Close();
      done.set_value();
    }
  });
  ASSERT_TRUE(turns->Start());
  done.get_future().wait();
  EXPECT_EQ(timers_.pending_count(), 0);
}

TEST_F(StreamTurnsTest, KeepsAWakeUpThatComesDuringATurn) {
  std::shared_ptr<StreamTurns> turns;
  std::promise<void> done;
  int turn_count = 0;
  turns = StreamTurns::Make(executor_, timers_, [&] {
    if (++turn_count == 1) {
      turns->Wake();
      turns->Wait(absl::InfiniteDuration());
    } else {
      turns->Close();
      done.set_value();
    }
  });
  ASSERT_TRUE(turns->Start());
  done.get_future().wait();
  EXPECT_EQ(turn_count, 2);
}

TEST_F(StreamTurnsTest, ResumesAnOperationThatCompletesAtOnce) {
  std::shared_ptr<StreamTurns> turns;
  std::promise<void> done;
  int turn_count = 0;
  turns = StreamTurns::Make(executor_, timers_, [&] {
    if (++turn_count == 1) {
      turns->Block();
      turns->Resume();
    } else {
      turns->Close();
      done.set_value();
    }
  });
  ASSERT_TRUE(turns->Start());
  done.get_future().wait();
}

TEST_F(StreamTurnsTest, IgnoresWakeUpsAfterTheEndAndOfAStreamNeverStarted) {
  Executor no_lanes({.thread_limit = 1, .lane_limit = 0});
  const auto refused = StreamTurns::Make(no_lanes, timers_, [] { FAIL() << "ran unadmitted"; });
  EXPECT_FALSE(refused->Start());
  refused->Wake();

  std::promise<void> done;
  std::shared_ptr<StreamTurns> ended;
  ended = StreamTurns::Make(executor_, timers_, [&] {
    ended->Close();
    done.set_value();
  });
  ASSERT_TRUE(ended->Start());
  done.get_future().wait();
  ended->Wake();
  EXPECT_EQ(executor_.load().continuation_count, 0);
}

TEST_F(StreamTurnsTest, TellsTheExecutorNothingOfHowLongWorkTakesByItsFirstTurn) {
  const Arrival dear = {.cost = 1000};
  ASSERT_TRUE(executor_.TrySubmit(
      [begin = std::chrono::steady_clock::now()] {
        while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(80)) {
          std::this_thread::yield();
        }
        return TaskEnd::kServed;
      },
      dear));
  WaitUntilIdle();
  for (int i = 0; i < 100; ++i) {
    std::shared_ptr<StreamTurns> turns;
    turns = StreamTurns::Make(executor_, timers_, [&] { turns->Close(); });
    ASSERT_TRUE(turns->Start(dear));
    WaitUntilIdle();
  }
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(executor_.TrySubmit([released] {
      released.wait();
      return TaskEnd::kServed;
    }));
  }
  // An eighth of 80 ms is the mean.
  EXPECT_FALSE(
      executor_.TrySubmit([] { return TaskEnd::kServed; }, {.time_left = absl::Milliseconds(10)}));
  release.set_value();
}

TEST_F(StreamTurnsTest, LosesNoWakeUpAndNeverRunsTwoTurnsUnderAStorm) {
  constexpr int kProducers = 4;
  constexpr int kItemsEach = 5000;
  std::atomic<int> produced = 0;
  std::atomic<bool> in_turn = false;
  std::promise<void> done;
  std::shared_ptr<StreamTurns> turns;
  turns = StreamTurns::Make(executor_, timers_, [&] {
    EXPECT_FALSE(in_turn.exchange(true));
    const bool all = produced == kProducers * kItemsEach;
    in_turn = false;
    if (all) {
      turns->Close();
      done.set_value();
    } else {
      turns->Wait(absl::InfiniteDuration());
    }
  });
  ASSERT_TRUE(turns->Start());
  std::vector<std::thread> producers;
  producers.reserve(kProducers);
  for (int i = 0; i < kProducers; ++i) {
    producers.emplace_back([&] {
      for (int item = 0; item < kItemsEach; ++item) {
        ++produced;
        turns->Wake();
      }
    });
  }
  for (std::thread& producer : producers) {
    producer.join();
  }
  done.get_future().wait();
}

}  // namespace
}  // namespace clientele
