// GroupCommit with many threads at once, for TSan too.

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/group_commit.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr int kThreads = 16;
constexpr int kRounds = 200;
constexpr int kRows = 5;

// Of a request of its own that changes one of kRows rows.
class Change : public GroupMember {
 public:
  Change(int thread, int round)
      : row_(round % kRows),
        key_(absl::StrCat(thread, "/", round)),
        lock_keys_({std::to_string(row_)}) {}
  absl::string_view key() const override { return key_; }
  absl::Span<const std::string> lock_keys() const override { return lock_keys_; }
  int row() const { return row_; }

  int done_count = 0;

 private:
  const int row_;
  const std::string key_;
  const std::vector<std::string> lock_keys_;
};

// Has kThreads run kRounds changes each, every fourth thread with next to no time; answers how many
// were too late.
int RunLoad(GroupCommit& groups) {
  std::atomic<int> late_count = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&groups, &late_count, i] {
      for (int round = 0; round < kRounds; ++round) {
        const auto change = std::make_shared<Change>(i, round);
        const absl::Status status = groups.Run(
            change, i % 4 == 0 ? absl::Now() + absl::Microseconds(20) : absl::InfiniteFuture());
        if (status.ok()) {
          EXPECT_EQ(change->done_count, 1);
        } else {
          EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
          ++late_count;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return late_count;
}

TEST(GroupCommitLoad, DoesEveryMemberExactlyOnce) {
  int commits_inside = 0;  // unguarded: TSan sees two commits at a time
  GroupCommit groups({.batch_weight_max = 5},
                     [&commits_inside](absl::Span<GroupMember* const> members, absl::Time) {
                       EXPECT_EQ(++commits_inside, 1);
                       for (GroupMember* member : members) {
                         ++static_cast<Change*>(member)->done_count;
                       }
                       --commits_inside;
                       return absl::OkStatus();
                     });
  const int late_count = RunLoad(groups);
  EXPECT_EQ(groups.waiting_count(), 0);
  EXPECT_LE(late_count, kThreads * kRounds / 4);
}

TEST(GroupCommitLoad, HasEachRowInOneOfTwoCommitsAtATime) {
  std::array<int, kRows> commits_of{};  // unguarded: TSan sees two that have the same row
  std::atomic<int> commits_inside = 0;
  GroupCommit groups({.batch_weight_max = 3, .commits_max = 2, .beside_weight_min = 1},
                     [&](absl::Span<GroupMember* const> members, absl::Time) {
                       EXPECT_LE(++commits_inside, 2);
                       for (GroupMember* member : members) {
                         auto* const change = static_cast<Change*>(member);
                         ++commits_of[change->row()];
                         ++change->done_count;
                       }
                       std::this_thread::yield();
                       --commits_inside;
                       return absl::OkStatus();
                     });
  RunLoad(groups);
  EXPECT_EQ(groups.waiting_count(), 0);
}

}  // namespace
}  // namespace clientele::sql
