#include "common/executor/arrival_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace clientele {
namespace {

constexpr Arrival kWrite = {.urgency = Urgency::kUrgent};
constexpr Arrival kRead = {.urgency = Urgency::kNormal};

// A server of `kThreads` threads whose time passes only as the test says.
class ArrivalQueueTest : public ::testing::Test {
 protected:
  static constexpr int kThreads = 64;
  static constexpr int kWaitingMax = 1024;

  bool Push(const Arrival& arrival, char name = ' ') {
    return queue_.TryPush(
        [this, name] {
          ran_ += name;
          return TaskEnd::kServed;
        },
        arrival);
  }

  static Arrival Within(Arrival arrival, absl::Duration time_left) {
    arrival.time_left = time_left;
    return arrival;
  }

  // Lets every thread take what there is.
  void FillThreads() {
    while (running_.size() < kThreads && queue_.HasNext()) {
      running_.push_back(queue_.Pop(now_));
      running_.back().task();
    }
  }

  // Runs the queue for as long as it takes that `count` tasks end as `end`, one every `each`.
  void Work(int count, absl::Duration each, TaskEnd end = TaskEnd::kServed) {
    for (int i = 0; i < count; ++i) {
      FillThreads();
      now_ += absl::ToChronoNanoseconds(each);
      queue_.Finish(running_.front(), end, now_);
      running_.pop_front();
    }
    FillThreads();
  }

  // Fills `queue` with `names`, writes as "w" and reads as any other letter; answers what runs when
  // each of eight threads at most takes one.
  static std::string OrderOf(ArrivalQueue& queue, const std::string& names) {
    std::string order;
    for (const char name : names) {
      EXPECT_TRUE(queue.TryPush(
          [&order, name] {
            order += name;
            return TaskEnd::kServed;
          },
          name == 'w' ? kWrite : kRead));
    }
    for (int i = 0; i < 8 && queue.HasNext(); ++i) {
      queue.Pop({}).task();
    }
    return order;
  }

  ArrivalQueue queue_{kWaitingMax, kThreads};
  ArrivalQueue::SteadyTime now_;
  std::deque<ArrivalQueue::Running> running_;
  std::string ran_;
};

TEST_F(ArrivalQueueTest, LetsWritesGoFirstAndReadsHaveAnEighthOfTheThreads) {
  ArrivalQueue small(100, 8);
  EXPECT_EQ(OrderOf(small, "rwRwrwRwrwRw"), "rwwwwwwR");
}

TEST_F(ArrivalQueueTest, LeavesReadsOneThreadOfAFew) {
  ArrivalQueue two(100, 2);
  EXPECT_EQ(OrderOf(two, "wwwr").substr(0, 2), "rw");
  ArrivalQueue one(100, 1);
  EXPECT_EQ(OrderOf(one, "rw").substr(0, 1), "w") << "there is nothing to share";
}

TEST_F(ArrivalQueueTest, LeavesWritesOnePlaceOfAFew) {
  ArrivalQueue few(/*waiting_max=*/2, /*threads=*/4);
  const auto serve = [] { return TaskEnd::kServed; };
  EXPECT_TRUE(few.TryPush(serve, kRead));
  EXPECT_FALSE(few.TryPush(serve, kRead));
  EXPECT_TRUE(few.TryPush(serve, kWrite));
}

TEST_F(ArrivalQueueTest, LeavesAnEighthOfTheThreadsToWritesThatMayCome) {
  for (int i = 0; i < 2 * kThreads; ++i) {
    ASSERT_TRUE(Push(kRead));
  }
  FillThreads();
  EXPECT_EQ(running_.size(), kThreads - kThreads / 8u);
  EXPECT_FALSE(queue_.HasNext());
  ASSERT_TRUE(Push(kWrite));
  EXPECT_TRUE(queue_.HasNext());
}

TEST_F(ArrivalQueueTest, RefusesReadsWhenSevenEighthsOfThePlacesAreTakenAndWritesWhenAllAre) {
  for (int i = 0; i < kWaitingMax * 7 / 8; ++i) {
    ASSERT_TRUE(Push(kRead));
  }
  EXPECT_FALSE(Push(kRead));
  for (int i = 0; i < kWaitingMax / 8; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  EXPECT_FALSE(Push(kWrite));
}

TEST_F(ArrivalQueueTest, RefusesWhatWouldEndTooLateAndReadsBeforeWrites) {
  // A task ends every millisecond; of those who come later about 300 will be ahead.
  for (int i = 0; i < 800; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  Work(500, absl::Milliseconds(1));
  EXPECT_FALSE(Push(Within(kWrite, absl::Milliseconds(250))));
  EXPECT_FALSE(Push(Within(kRead, absl::Milliseconds(500))));
  EXPECT_TRUE(Push(Within(kWrite, absl::Milliseconds(500))));
  EXPECT_TRUE(Push(Within(kRead, absl::Milliseconds(900))));
  EXPECT_TRUE(Push(kRead)) << "who has no deadline waits for any time";
}

TEST_F(ArrivalQueueTest, CountsWorkByItsCost) {
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  Work(300, absl::Milliseconds(1));
  ASSERT_TRUE(Push(Within(kWrite, absl::Milliseconds(300))));
  // 50 of ten each are as much as 500 of one.
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(Push({.urgency = Urgency::kUrgent, .cost = 10}));
  }
  EXPECT_FALSE(Push(Within(kWrite, absl::Milliseconds(300))));
}

TEST_F(ArrivalQueueTest, LetsACrowdInThatFindsTheServerIdle) {
  // One at a time, 5 ms each: says nothing of how many can be done together.
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(Push(kWrite));
    Work(1, absl::Milliseconds(5));
  }
  for (int i = 0; i < kWaitingMax; ++i) {
    ASSERT_TRUE(Push(Within(kWrite, absl::Seconds(1)))) << i;
  }
}

TEST_F(ArrivalQueueTest, GoesOnLettingSomeInHoweverSlowItWas) {
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  Work(kThreads - 8, absl::Seconds(100));
  // Eight run, and those that come are worth a try until there are 16.
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(Push(Within(kRead, absl::Milliseconds(100))));
  }
  EXPECT_FALSE(Push(Within(kRead, absl::Milliseconds(100))));
}

TEST_F(ArrivalQueueTest, LearnsNothingFromWhatWasNotServed) {
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  Work(kThreads, absl::Seconds(1));
  // Streams that were let in, and calls whose callers had gone, end at once.
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(Push({.urgency = Urgency::kUrgent, .cost = 100}));
    Work(1, absl::ZeroDuration(), TaskEnd::kNotServed);
  }
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  EXPECT_FALSE(Push(Within(kWrite, absl::Seconds(1))));
}

TEST_F(ArrivalQueueTest, GoesOnLettingWritesInAfterOneDearCallThatWasSlow) {
  ASSERT_TRUE(Push({.urgency = Urgency::kNormal, .cost = 1000}));
  Work(1, absl::Seconds(30));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Push(Within(kWrite, absl::Seconds(30)))) << i;
  }
}

TEST_F(ArrivalQueueTest, TrustsTheServerAgainOnceItIsFast) {
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(Push(kWrite));
  }
  Work(kThreads, absl::Seconds(1));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(Push(kWrite));
    Work(1, absl::Milliseconds(1));
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(Push(Within(kRead, absl::Milliseconds(100))));
  }
}

}  // namespace
}  // namespace clientele
