#include "common/executor/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace clientele {
namespace {

// Keeps an executor's only thread busy until opened.
class Gate {
 public:
  explicit Gate(Executor& executor) {
    auto entered = std::make_shared<std::promise<void>>();
    EXPECT_TRUE(executor.TrySubmit([entered, opened = opened_.get_future().share()] {
      entered->set_value();
      opened.wait();
      return TaskEnd::kServed;
    }));
    entered->get_future().wait();
  }
  void Open() { opened_.set_value(); }

 private:
  std::promise<void> opened_;
};

TEST(ExecutorTest, MakesAThreadOnlyWhenNoneIsIdleAndNoMoreThanItMay) {
  Executor executor({.thread_limit = 2});
  EXPECT_EQ(executor.load().thread_count, 1);
  Gate first(executor);
  EXPECT_EQ(executor.load().thread_count, 1) << "an idle one was there";
  Gate second(executor);
  EXPECT_EQ(executor.load().thread_count, 2);
  EXPECT_TRUE(executor.TrySubmit([] { return TaskEnd::kServed; }));
  EXPECT_EQ(executor.load().thread_count, 2);
  EXPECT_EQ(executor.load().arrival_count, 1);
  first.Open();
  second.Open();
}

TEST(ExecutorTest, RefusesAnArrivalWhenTheQueueIsFull) {
  std::atomic<int> ran = 0;
  const auto count_run = [&ran] {
    ++ran;
    return TaskEnd::kServed;
  };
  {
    Executor executor({.thread_limit = 1, .arrival_limit = 2});
    Gate gate(executor);
    EXPECT_TRUE(executor.TrySubmit(count_run));
    EXPECT_TRUE(executor.TrySubmit(count_run));
    EXPECT_FALSE(executor.TrySubmit(count_run));
    const Executor::Load load = executor.load();
    EXPECT_EQ(load.running_count, 1);
    EXPECT_EQ(load.arrival_count, 2);
    gate.Open();
  }
  EXPECT_EQ(ran, 2) << "what was accepted runs before the executor is gone";
}

TEST(ExecutorTest, TakesAContinuationThoughTheArrivalQueueIsFull) {
  std::atomic<bool> continued = false;
  Executor executor({.thread_limit = 1, .arrival_limit = 1, .lane_limit = 1});
  auto lane = executor.TryOpenLane();
  ASSERT_NE(lane, nullptr);
  Gate gate(executor);
  ASSERT_TRUE(executor.TrySubmit([] { return TaskEnd::kServed; }));
  ASSERT_FALSE(executor.TrySubmit([] { return TaskEnd::kServed; }));
  std::promise<void> done;
  lane->Submit([&] {
    continued = true;
    done.set_value();
  });
  EXPECT_EQ(executor.load().continuation_count, 1);
  gate.Open();
  done.get_future().wait();
  EXPECT_TRUE(continued);
}

TEST(ExecutorTest, AlternatesBetweenArrivalsAndContinuations) {
  std::vector<char> order;  // only the one executor thread writes it
  {
    Executor executor({.thread_limit = 1});
    auto lane_a = executor.TryOpenLane();
    auto lane_b = executor.TryOpenLane();
    std::promise<void> done;
    Gate gate(executor);
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(executor.TrySubmit([&] {
        order.push_back('a');
        return TaskEnd::kServed;
      }));
    }
    ASSERT_TRUE(executor.TrySubmit([&] {
      done.set_value();
      return TaskEnd::kServed;
    }));
    lane_a->Submit([&] { order.push_back('c'); });
    lane_b->Submit([&] { order.push_back('c'); });
    gate.Open();
    done.get_future().wait();
  }
  EXPECT_EQ(order, (std::vector<char>{'c', 'a', 'c', 'a', 'a'}));
}

TEST(ExecutorTest, OpensNoMoreLanesThanItsLimit) {
  Executor executor({.thread_limit = 1, .lane_limit = 2});
  auto first = executor.TryOpenLane();
  auto second = executor.TryOpenLane();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(executor.TryOpenLane(), nullptr);
  first.reset();
  EXPECT_EQ(executor.load().lane_count, 1);
  EXPECT_NE(executor.TryOpenLane(), nullptr);
}

TEST(ExecutorTest, ALaneTaskMayQueueTheNextOneOfItsLane) {
  constexpr int kSteps = 1000;
  int steps = 0;
  std::promise<void> done;
  Executor executor({.thread_limit = 4});
  auto lane = executor.TryOpenLane();
  std::function<void()> step = [&] {
    if (++steps == kSteps) {
      done.set_value();
    } else {
      lane->Submit(step);
    }
  };
  lane->Submit(step);
  done.get_future().wait();
  EXPECT_EQ(steps, kSteps);
}

TEST(ExecutorTest, RunsEveryAcceptedTaskOnceUnderManySubmitters) {
  constexpr int kSubmitters = 8;
  constexpr int kTasksEach = 2000;
  std::atomic<int> accepted = 0;
  std::atomic<int> ran = 0;
  const auto count_run = [&ran] {
    ++ran;
    return TaskEnd::kServed;
  };
  {
    Executor executor({.thread_limit = 4, .arrival_limit = 16});
    std::vector<std::thread> submitters;
    submitters.reserve(kSubmitters);
    for (int i = 0; i < kSubmitters; ++i) {
      submitters.emplace_back([&] {
        for (int task = 0; task < kTasksEach; ++task) {
          accepted += executor.TrySubmit(count_run) ? 1 : 0;
        }
      });
    }
    for (std::thread& submitter : submitters) {
      submitter.join();
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_EQ(ran, accepted);
}

TEST(ExecutorDeathTest, RefusesASecondWaitingTaskInALane) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        Executor executor({.thread_limit = 1});
        auto lane = executor.TryOpenLane();
        Gate gate(executor);
        lane->Submit([] {});
        lane->Submit([] {});
      },
      "check failed");
}

}  // namespace
}  // namespace clientele
