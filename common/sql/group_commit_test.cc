#include "common/sql/group_commit.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Lt;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

struct Order : GroupMember {
  explicit Order(int n, const std::string& k = "")
      : number(n), key_(k.empty() ? std::to_string(n) : k), lock_keys_({std::to_string(n % 10)}) {
    if (n >= kTwoRows) {
      lock_keys_.push_back(std::to_string(n / 10 % 10));
    }
  }
  absl::string_view key() const override { return key_; }
  // Orders whose numbers end alike lock the same row; those of kTwoRows also one of the digit
  // before.
  absl::Span<const std::string> lock_keys() const override { return lock_keys_; }
  size_t weight() const override { return number >= kHeavy ? 2 : 1; }

  static constexpr int kHeavy = 100;
  static constexpr int kTwoRows = 1000;
  const int number;
  int done_count = 0;  // how often a commit did it

 private:
  const std::string key_;
  std::vector<std::string> lock_keys_;
};

int NumberOf(const GroupMember* member) { return static_cast<const Order*>(member)->number; }

// A door that threads wait at until it is opened.
class Gate {
 public:
  void Open() {
    std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

// Commits in memory. The first commit waits at a gate, and the second one too if asked, so that a
// test decides who joins when.
class GroupCommitTest : public testing::Test {
 protected:
  explicit GroupCommitTest(GroupCommitOptions options = {})
      : groups_(options, [this](absl::Span<GroupMember* const> members, absl::Time deadline) {
          return Commit(members, deadline);
        }) {}

  ~GroupCommitTest() override {
    second_gate_.Open();
    Finish();
  }

  // Runs an order on a thread of its own and returns once it waits, or leads the first commit.
  void Submit(int number, const std::string& key = "") {
    const size_t waiting = groups_.waiting_count();
    const bool leads = threads_.empty();
    results_.push_back(std::make_unique<absl::Status>());
    threads_.emplace_back([this, number, key, result = results_.back().get()] {
      *result = groups_.Run(std::make_shared<Order>(number, key), absl::InfiniteFuture());
    });
    if (leads) {
      entered_.Pass();
    } else {
      while (groups_.waiting_count() == waiting) {
        std::this_thread::yield();
      }
    }
  }

  // The same for the orders of one call; what becomes of each is in `statuses` after Finish.
  void SubmitAll(const std::vector<int>& numbers, std::vector<absl::Status>& statuses) {
    threads_.emplace_back([this, numbers, &statuses] {
      std::vector<std::shared_ptr<GroupMember>> members;
      members.reserve(numbers.size());
      for (const int number : numbers) {
        members.push_back(std::make_shared<Order>(number));
      }
      statuses = groups_.RunAll(std::move(members), absl::InfiniteFuture());
    });
    while (groups_.waiting_count() == 0) {
      std::this_thread::yield();
    }
  }

  // The same for an order that fills a batch and makes its caller commit at once.
  void SubmitLeading(int number) {
    results_.push_back(std::make_unique<absl::Status>());
    threads_.emplace_back([this, number, result = results_.back().get()] {
      *result = groups_.Run(std::make_shared<Order>(number), absl::InfiniteFuture());
    });
  }

  void OpenFirst() { gate_.Open(); }

  void Finish() {
    OpenFirst();
    JoinAll();
  }

  // The reason of each order's result, in order of submission; "" = OK.
  std::vector<std::string> Reasons() const {
    std::vector<std::string> reasons;
    reasons.reserve(results_.size());
    for (const auto& result : results_) {
      reasons.emplace_back(GetErrorReason(*result));
    }
    return reasons;
  }

  // What the next commits answer, instead of OK, when they hold this order.
  void FailWith(int number, const absl::Status& status) { failures_.emplace_back(number, status); }

  GroupCommit groups_;
  std::vector<std::vector<int>> batches_;  // what each commit was given
  std::vector<absl::Time> deadlines_;      // beside them
  bool holds_second_ = false;
  Gate second_entered_;
  Gate second_gate_;

 private:
  absl::Status Commit(absl::Span<GroupMember* const> members, absl::Time deadline) {
    std::vector<int> numbers;
    for (const GroupMember* member : members) {
      numbers.push_back(NumberOf(member));
    }
    size_t commit_count = 0;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      batches_.push_back(numbers);
      deadlines_.push_back(deadline);
      commit_count = batches_.size();
    }
    if (commit_count == 1) {
      entered_.Open();
      gate_.Pass();
    }
    if (commit_count == 2 && holds_second_) {
      second_entered_.Open();
      second_gate_.Pass();
    }
    for (const auto& failure : failures_) {
      if (std::find(numbers.begin(), numbers.end(), failure.first) != numbers.end()) {
        return failure.second;
      }
    }
    return absl::OkStatus();
  }

  void JoinAll() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) {
        thread.join();
      }
    }
  }

  std::mutex mutex_;  // guards batches_ and deadlines_
  Gate entered_;
  Gate gate_;
  std::vector<std::pair<int, absl::Status>> failures_;
  std::vector<std::unique_ptr<absl::Status>> results_;
  std::vector<std::thread> threads_;
};

TEST_F(GroupCommitTest, CommitsALoneCallerAtOnce) {
  Submit(1);
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1)));
  EXPECT_THAT(Reasons(), ElementsAre(""));
}

TEST_F(GroupCommitTest, CollectsInOrderWhileACommitIsInFlight) {
  Submit(1);
  Submit(2);
  Submit(3);
  Submit(4);
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3, 4)));
  EXPECT_THAT(Reasons(), ElementsAre("", "", "", ""));
}

TEST_F(GroupCommitTest, DoesEachMemberAloneAfterAnError) {
  FailWith(3, SqlDefect("planted"));
  Submit(1);
  Submit(2);
  Submit(3);
  Submit(4);
  Finish();
  EXPECT_EQ(batches_[1], std::vector<int>({2, 3, 4}));
  EXPECT_THAT(batches_, UnorderedElementsAre(ElementsAre(1), ElementsAre(2, 3, 4), ElementsAre(2),
                                             ElementsAre(3), ElementsAre(4)));
  EXPECT_THAT(Reasons(), ElementsAre("", "", "INTERNAL", ""));
}

TEST_F(GroupCommitTest, TellsEveryMemberThatTheDatabaseIsAwayOrFull) {
  FailWith(2, DatabaseUnavailable("planted"));
  FailWith(4, DiskFull("planted"));
  Submit(1);
  Submit(2, "even");
  Submit(3);
  Submit(4, "even");
  Submit(5, "even");
  Finish();
  EXPECT_THAT(batches_,
              ElementsAre(ElementsAre(1), ElementsAre(2, 3), ElementsAre(4), ElementsAre(5)));
  EXPECT_THAT(Reasons(),
              ElementsAre("", "DATABASE_UNAVAILABLE", "DATABASE_UNAVAILABLE", "DISK_FULL", ""));
}

TEST_F(GroupCommitTest, ALoneCallersErrorIsItsOwn) {
  FailWith(1, TransactionConflict("planted"));
  Submit(1);
  Finish();
  EXPECT_THAT(batches_, SizeIs(1));
  EXPECT_THAT(Reasons(), ElementsAre("TRANSACTION_CONFLICT"));
}

TEST_F(GroupCommitTest, ABatchHasItsOwnTimeAndALoneMemberItsCallers) {
  FailWith(3, TransactionConflict("planted"));
  Submit(1);
  Submit(2);
  Submit(3);
  const absl::Time opened = absl::Now();
  Finish();
  ASSERT_THAT(deadlines_, SizeIs(4));
  EXPECT_THAT(deadlines_[0], Lt(opened + absl::Seconds(60)));
  EXPECT_THAT(deadlines_[1], Lt(opened + absl::Seconds(60)));
  EXPECT_EQ(deadlines_[2], absl::InfiniteFuture());
  EXPECT_EQ(deadlines_[3], absl::InfiniteFuture());
}

TEST_F(GroupCommitTest, WhoTakesTooLongHoldsUpOnlyItsOwnCaller) {
  FailWith(1, DatabaseDeadlineExceeded());
  Submit(1);
  Submit(2);
  Finish();
  EXPECT_THAT(batches_, UnorderedElementsAre(ElementsAre(1), ElementsAre(1), ElementsAre(2)));
  EXPECT_THAT(deadlines_, Contains(absl::InfiniteFuture()));
  EXPECT_THAT(Reasons(), ElementsAre("DEADLINE_TOO_SHORT", ""));
}

TEST_F(GroupCommitTest, LeavesABatchUnderWayAtItsDeadline) {
  holds_second_ = true;
  Submit(1);
  Submit(2);
  std::thread late([this] {
    const absl::Status status =
        groups_.Run(std::make_shared<Order>(3), absl::Now() + absl::Seconds(2));
    EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
  });
  while (groups_.waiting_count() < 2) {
    std::this_thread::yield();
  }
  OpenFirst();
  second_entered_.Pass();
  late.join();
  second_gate_.Open();
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3)));
  EXPECT_THAT(Reasons(), ElementsAre("", ""));
}

TEST_F(GroupCommitTest, LeavesTheQueueAtItsDeadlineWithoutEffect) {
  Submit(1);
  const auto late = std::make_shared<Order>(2);
  const absl::Status status = groups_.Run(late, absl::Now() + absl::Milliseconds(5));
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
  EXPECT_EQ(groups_.waiting_count(), 0);
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1)));
}

class TwoCommitsTest : public GroupCommitTest {
 protected:
  TwoCommitsTest()
      : GroupCommitTest({.batch_weight_max = 2, .commits_max = 2, .beside_weight_min = 2}) {}
};

TEST_F(TwoCommitsTest, AFullBatchDoesNotWaitForTheOneInFlight) {
  holds_second_ = true;
  Submit(1);
  Submit(2);
  EXPECT_EQ(groups_.waiting_count(), 1) << "not full yet";
  SubmitLeading(3);
  second_entered_.Pass();
  EXPECT_EQ(groups_.waiting_count(), 0);
  Submit(4);
  Submit(5);
  Submit(6);
  EXPECT_EQ(groups_.waiting_count(), 3) << "two are in flight";
  second_gate_.Open();
  Finish();
  ASSERT_THAT(batches_, SizeIs(4));
  EXPECT_THAT(batches_[0], ElementsAre(1));
  EXPECT_THAT(batches_[1], ElementsAre(2, 3));
  EXPECT_THAT(batches_[2], ElementsAre(4, 5));
  EXPECT_THAT(Reasons(), ElementsAre("", "", "", "", "", ""));
}

TEST_F(TwoCommitsTest, WhatIsInFlightIsWaitedForOutsideOfTheDatabase) {
  Submit(1);
  Submit(2, "1");
  Submit(11);
  EXPECT_EQ(groups_.waiting_count(), 2) << "they need what the first one has";
  Submit(3);
  EXPECT_EQ(groups_.waiting_count(), 3) << "alone it fills no batch";
  holds_second_ = true;
  SubmitLeading(4);
  second_entered_.Pass();
  EXPECT_EQ(groups_.waiting_count(), 2);
  second_gate_.Open();
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(3, 4), ElementsAre(2, 11)));
}

TEST_F(TwoCommitsTest, NobodyOvertakesWhoWaitsForWhatIsInFlight) {
  holds_second_ = true;
  Submit(1);
  Submit(1021);  // needs 1, and 2 with it
  Submit(2);
  Submit(3);
  SubmitLeading(4);
  second_entered_.Pass();
  EXPECT_EQ(groups_.waiting_count(), 2);
  second_gate_.Open();
  Finish();
  EXPECT_THAT(batches_,
              ElementsAre(ElementsAre(1), ElementsAre(3, 4), ElementsAre(1021), ElementsAre(2)));
}

TEST_F(TwoCommitsTest, WhoIsBlockedByAClaimBehindItStaysFree) {
  holds_second_ = true;
  Submit(1);
  Submit(2);
  Submit(1012);  // needs 1 and, behind the one before, 2
  SubmitLeading(3);
  second_entered_.Pass();
  EXPECT_EQ(groups_.waiting_count(), 1);
  second_gate_.Open();
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3), ElementsAre(1012)));
}

class LargeBatchesTest : public GroupCommitTest {
 protected:
  LargeBatchesTest()
      : GroupCommitTest({.batch_weight_max = 4, .commits_max = 2, .beside_weight_min = 2}) {}
};

TEST_F(LargeBatchesTest, HalfABatchMayRunBesideAnother) {
  holds_second_ = true;
  Submit(1);
  std::vector<absl::Status> statuses;
  SubmitAll({11, 2}, statuses);
  EXPECT_EQ(groups_.waiting_count(), 2) << "the first needs what is in flight, and one is too few";
  SubmitLeading(3);
  second_entered_.Pass();
  for (const int number : {4, 5, 6, 7}) {
    Submit(number);
  }
  OpenFirst();
  while (groups_.waiting_count() > 1) {
    std::this_thread::yield();
  }
  second_gate_.Open();
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3), ElementsAre(11, 4, 5, 6),
                                    ElementsAre(7)));
}

class SmallGroupCommitTest : public GroupCommitTest {
 protected:
  SmallGroupCommitTest() : GroupCommitTest({.batch_weight_max = 2, .waiting_max = 3}) {}
};

TEST_F(SmallGroupCommitTest, RefusesAtOnceWhenTooManyWait) {
  Submit(1);
  Submit(2);
  Submit(3);
  Submit(4);
  const absl::Status status = groups_.Run(std::make_shared<Order>(5), absl::InfiniteFuture());
  EXPECT_EQ(GetErrorReason(status), "OVERLOADED");
}

TEST_F(SmallGroupCommitTest, SplitsWhatIsMoreThanOneBatch) {
  Submit(1);
  Submit(2);
  Submit(3);
  Submit(4);
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3), ElementsAre(4)));
}

TEST_F(SmallGroupCommitTest, OneCallMayBringSeveralMembers) {
  FailWith(3, SqlDefect("planted"));
  Submit(1);
  std::vector<absl::Status> statuses;
  SubmitAll({2, 3, 4}, statuses);
  Finish();
  EXPECT_THAT(batches_, UnorderedElementsAre(ElementsAre(1), ElementsAre(2, 3), ElementsAre(2),
                                             ElementsAre(3), ElementsAre(4)));
  ASSERT_EQ(statuses.size(), 3U);
  EXPECT_EQ(statuses[0], absl::OkStatus());
  EXPECT_EQ(GetErrorReason(statuses[1]), "INTERNAL");
  EXPECT_EQ(statuses[2], absl::OkStatus());
}

TEST_F(GroupCommitTest, WhoComesTooLateCommitsForNobody) {
  const absl::Status status = groups_.Run(std::make_shared<Order>(1), absl::Now());
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
  EXPECT_THAT(batches_, SizeIs(0));
}

TEST_F(GroupCommitTest, NoMembersAreDoneAtOnce) {
  EXPECT_TRUE(groups_.RunAll({}, absl::InfiniteFuture()).empty());
}

TEST_F(SmallGroupCommitTest, CountsWhatWeighsMore) {
  Submit(1);
  Submit(2);
  Submit(Order::kHeavy);
  Submit(4);
  Finish();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2), ElementsAre(Order::kHeavy),
                                    ElementsAre(4)));
}

TEST_F(GroupCommitTest, MembersOfOneKeyNeverShareATransaction) {
  Submit(1);
  Submit(2, "same");
  Submit(3, "same");
  Submit(4);
  Submit(5, "same");
  Finish();
  EXPECT_THAT(batches_,
              ElementsAre(ElementsAre(1), ElementsAre(2, 4), ElementsAre(3), ElementsAre(5)));
  EXPECT_THAT(Reasons(), ElementsAre("", "", "", "", ""));
}

}  // namespace
}  // namespace clientele::sql
