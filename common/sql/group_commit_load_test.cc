// GroupCommit with many threads at once, for TSan too.

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
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

// Has kThreads run kRounds changes each, every fourth thread with next to no time.
void RunLoad(GroupCommit& groups) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&groups, i] {
      for (int round = 0; round < kRounds; ++round) {
        const auto change = std::make_shared<Change>(i, round);
        const absl::Status status = groups.Run(
            change, i % 4 == 0 ? absl::Now() + absl::Microseconds(20) : absl::InfiniteFuture());
        if (status.ok()) {
          EXPECT_EQ(change->done_count, 1);
        } else {
          EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
          EXPECT_EQ(i % 4, 0);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(groups.waiting_count(), 0);
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
  RunLoad(groups);
}

TEST(GroupCommitLoad, HasEachRowInOneOfTwoCommitsAtATime) {
  // Which commit has a row.
  std::array<std::atomic<const void*>, kRows> holders{};
  std::atomic<int> commits_inside = 0;
  GroupCommit groups({.batch_weight_max = 3, .commits_max = 2, .beside_weight_min = 1},
                     [&](absl::Span<GroupMember* const> members, absl::Time) {
                       EXPECT_LE(++commits_inside, 2);
                       for (GroupMember* member : members) {
                         auto* const change = static_cast<Change*>(member);
                         const void* const before = holders[change->row()].exchange(&members);
                         EXPECT_TRUE(before == nullptr || before == &members);
                         ++change->done_count;
                       }
                       std::this_thread::yield();
                       for (GroupMember* member : members) {
                         holders[static_cast<Change*>(member)->row()] = nullptr;
                       }
                       --commits_inside;
                       return absl::OkStatus();
                     });
  RunLoad(groups);
}

// All of a call's members are decided, whichever of several commits has them, and those of a commit
// that fails one by one.
TEST(GroupCommitLoad, DecidesCallsOfSeveralMembers) {
  std::atomic<int> commit_count = 0;
  GroupCommit groups({.batch_weight_max = 3, .commits_max = 2, .beside_weight_min = 1},
                     [&](absl::Span<GroupMember* const> members, absl::Time) -> absl::Status {
                       if (members.size() > 1 && ++commit_count % 7 == 0) {
                         return absl::AbortedError("one of them");
                       }
                       for (GroupMember* member : members) {
                         ++static_cast<Change*>(member)->done_count;
                       }
                       return absl::OkStatus();
                     });
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&groups, i] {
      for (int round = 0; round < kRounds; ++round) {
        std::vector<std::shared_ptr<Change>> changes;
        std::vector<std::shared_ptr<GroupMember>> members;
        for (int row = 0; row < kRows; ++row) {
          changes.push_back(std::make_shared<Change>(i, round * kRows + row));
          members.push_back(changes.back());
        }
        for (const absl::Status& status : groups.RunAll(members, absl::InfiniteFuture())) {
          EXPECT_EQ(status, absl::OkStatus());
        }
        for (const auto& change : changes) {
          EXPECT_EQ(change->done_count, 1);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(groups.waiting_count(), 0);
}

// `count` changes of one row.
std::vector<std::shared_ptr<GroupMember>> ChangesOf(int row, int thread, int count) {
  std::vector<std::shared_ptr<GroupMember>> members;
  members.reserve(count);
  for (int i = 0; i < count; ++i) {
    members.push_back(std::make_shared<Change>(thread, i * kRows + row));
  }
  return members;
}

TEST(GroupCommitLoad, WhoComesBehindThousandsOfOneRowWaitsWithThem) {
  std::promise<void> gate;
  std::atomic<int> commit_count = 0;
  GroupCommit groups({.commits_max = 2, .beside_weight_min = 1},
                     [&](absl::Span<GroupMember* const> members, absl::Time) {
                       if (++commit_count == 1) {
                         gate.get_future().wait();
                       }
                       for (GroupMember* member : members) {
                         ++static_cast<Change*>(member)->done_count;
                       }
                       return absl::OkStatus();
                     });
  std::vector<std::thread> threads;
  size_t waiting_count = 0;
  for (const auto& [row, count] : {std::pair(0, 1), std::pair(0, 3'000), std::pair(1, 10)}) {
    threads.emplace_back([&groups, row = row, count = count, thread = threads.size()] {
      const auto members = ChangesOf(row, static_cast<int>(thread), count);
      groups.RunAll(members, absl::InfiniteFuture());
      for (const auto& member : members) {
        EXPECT_EQ(static_cast<Change&>(*member).done_count, 1);
      }
    });
    waiting_count += threads.size() > 1 ? count : 0;
    while (groups.waiting_count() < waiting_count || commit_count == 0) {
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(commit_count, 1) << "ten at the end were looked for among thousands";
  gate.set_value();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(groups.waiting_count(), 0);
}

}  // namespace
}  // namespace clientele::sql
