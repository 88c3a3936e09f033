// Postings while the power fails: nothing acknowledged is lost, nothing is applied twice, and the
// ledger and its feed agree with themselves. CLIENTELE_LONG=1: 200 power cuts instead of 20.

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/feed_reader.h"
#include "common/feed/outbox_mover.h"
#include "common/sql/testing/power_cut_disk.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/store/schema.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kPosters = 8;
constexpr int kMembers = 4;
constexpr int64_t kPointsAtFirst = 1'000'000;  // more than all of the test redeems

// A power cut comes within so many changes of the disk: some hundred postings.
constexpr uint32_t kChangesMax = 3'000;

// An opened database comes to some tens of changes when it is closed.
constexpr uint32_t kOpeningChangesMax = 40;

// Of all power cuts: postings that none of them stops are a mistake of the test.
constexpr int kPostingsMax = 1'000'000;

constexpr sql::Statement kListRequests{
    "ListRequests",
    "SELECT request_id, transaction_id FROM ledger_entry WHERE request_id IS NOT NULL"};
constexpr sql::Statement kListMembers{
    "ListMembers", "SELECT customer_id, available, feed_seq FROM member ORDER BY customer_id"};
constexpr sql::Statement kCheckIntegrity{"CheckIntegrity", "PRAGMA integrity_check"};

std::string CustomerOf(int request) { return absl::StrCat("c-", request % kMembers); }

// Alternately given and taken, so that lots are made and used up.
int64_t PointsOf(int request) { return request / kMembers % 2 == 0 ? 7 : -5; }

// Loyalty on a file, without a server: what runs between two power cuts.
class Loyalty : public ApiFixture {
 public:
  explicit Loyalty(std::unique_ptr<sql::Database> database)
      : ApiFixture(std::move(database)),
        writes_(api()),
        mover_(this->database(), record_clock(), "local", absl::Minutes(1), 500) {}

  absl::StatusOr<v1::LedgerEntry> Post(int request) {
    rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
    const int64_t points = PointsOf(request);
    return points > 0 ? writes_.Adjust(call, MakeAdjust(request, CustomerOf(request), points))
                      : writes_.Redeem(call, MakeRedeem(request, CustomerOf(request), -points));
  }

  // Brings all of the outbox into the feed.
  absl::Status Move() {
    for (;;) {
      CLIENTELE_ASSIGN_OR_RETURN(const feed::MoveResult result, mover_.Move());
      if (!result.has_more) {
        return absl::OkStatus();
      }
    }
  }

 private:
  const LedgerWrites writes_;
  feed::OutboxMover mover_;
};

// A consumer of the feed that outlives the power cuts. What it was shown must stay.
class Follower {
 public:
  // Reads on to the heads.
  absl::Status Read(sql::Database& database) {
    for (;;) {
      feed::FeedPage page;
      CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly({}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(page, feed::ReadFeed(tx, {.after = positions_}));
        return absl::OkStatus();
      }));
      if (!feed::HasReached(page.heads, positions_, feed::AllPartitions())) {
        return absl::DataLossError("events that were read are gone");
      }
      for (const feed::FeedEvent& event : page.events) {
        if (event.event.feed_seq != ++last_seq_[event.event.customer_id]) {
          return absl::DataLossError(
              absl::StrCat("an event of ", event.event.customer_id, " is missing or there twice"));
        }
      }
      positions_ = page.next;
      if (page.caught_up) {
        return absl::OkStatus();
      }
    }
  }

  int64_t last_seq(const std::string& customer_id) { return last_seq_[customer_id]; }

 private:
  feed::Positions positions_{};
  std::map<std::string, int64_t> last_seq_;
};

// A connection beside the server's that empties the log, as every 16 MiB of log do.
class Checkpointer {
 public:
  explicit Checkpointer(const std::string& path) {
    CLIENTELE_CHECK(sqlite3_open(path.c_str(), &connection_) == SQLITE_OK);
  }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer() { sqlite3_close(connection_); }

  // Moves what the log holds into the database file, so that the next commit begins the log anew.
  // False once that fails for another reason than that somebody uses the log.
  bool Run() {
    const int result_code = sqlite3_wal_checkpoint_v2(connection_, nullptr,
                                                      SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    return result_code == SQLITE_OK || result_code == SQLITE_BUSY;
  }

 private:
  sqlite3* connection_ = nullptr;
};

// One database that goes through power cuts, and what its callers were told.
class Survivor {
 public:
  explicit Survivor(sql::ForgottenSyncs forgotten) {
    loyalty_ = std::make_unique<Loyalty>(sql::OpenTestSqlite(SchemaMigrations(), path_));
    for (int i = 0; i < kMembers; ++i) {
      loyalty_->AddMember(CustomerOf(i), kPointsAtFirst);
    }
    disk_.Forget(forgotten);
  }

  // Posts under load until the power fails, comes back, and checks. What is wrong then, or nothing.
  std::vector<std::string> CutOnce() {
    RunUntilCut();
    loyalty_.reset();
    disk_.Restore(static_cast<uint32_t>(random_()));
    if (random_() % 4 == 0) {
      OpenAndCut();
    }
    absl::StatusOr<std::unique_ptr<sql::Database>> database = sql::OpenSqlite({.path = path_});
    Check(database.status(), "open");
    if (database.ok()) {
      loyalty_ = std::make_unique<Loyalty>(*std::move(database));
      CheckAll();
    }
    return std::exchange(problems_, {});
  }

 private:
  void RunUntilCut() {
    Checkpointer checkpointer(path_);
    disk_.CutAfter(1 + random_() % kChangesMax);
    std::vector<std::thread> threads;
    threads.reserve(kPosters + 1);
    for (int i = 0; i < kPosters; ++i) {
      threads.emplace_back([this] { PostUntilCut(); });
    }
    threads.emplace_back([&] { MoveUntilCut(checkpointer); });
    for (std::thread& thread : threads) {
      thread.join();
    }
  }

  // The power is back for a moment only: it fails while the log is read back, or moved into the
  // file at the end.
  void OpenAndCut() {
    disk_.CutAfter(1 + random_() % kOpeningChangesMax);
    sql::OpenSqlite({.path = path_}).IgnoreError();
    disk_.Restore(static_cast<uint32_t>(random_()));
  }

  void PostUntilCut() {
    while (!disk_.is_cut()) {
      const int request = ++last_request_;
      CLIENTELE_CHECK(request < kPostingsMax);
      const absl::StatusOr<v1::LedgerEntry> entry = loyalty_->Post(request);
      const std::lock_guard<std::mutex> lock(mutex_);
      if (entry.ok()) {
        acknowledged_[MakeRequestId(request)] = entry->transaction_id();
      } else {
        unanswered_.push_back(request);
        if (!disk_.is_cut()) {
          problems_.push_back(absl::StrCat("before the cut: ", entry.status().ToString()));
        }
      }
    }
  }

  // What the sequencer, a consumer and the log's growth do meanwhile.
  void MoveUntilCut(Checkpointer& checkpointer) {
    absl::Status status;
    bool goes_on = true;
    while (goes_on && status.ok() && !disk_.is_cut()) {
      status = loyalty_->Move();
      if (status.ok()) {
        status = follower_.Read(loyalty_->database());
      }
      goes_on = checkpointer.Run();
    }
    if (!disk_.is_cut()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      problems_.push_back(absl::StrCat("moving, before the cut: ", status.ToString()));
    }
  }

  void CheckAll() {
    Check(CheckIntegrity(), "integrity");
    Check(CheckRequests(/*all_answered=*/false), "before the retries");
    RetryUnanswered();
    Check(CheckRequests(/*all_answered=*/true), "after the retries");
    Check(loyalty_->Move(), "moving");
    Check(follower_.Read(loyalty_->database()), "following");
    Check(CheckMembers(), "members");
    if (problems_.empty() && loyalty_->Imbalance() != 0) {
      problems_.emplace_back("entries, balances and lots do not agree");
    }
  }

  void Check(const absl::Status& status, absl::string_view what) {
    if (!status.ok()) {
      problems_.push_back(absl::StrCat(what, ": ", status.ToString()));
    }
  }

  absl::Status CheckIntegrity() {
    return loyalty_->database().RunReadOnly({}, [](sql::Tx& tx) {
      return tx.Query(kCheckIntegrity, {}, [](const sql::Row& row) {
        return row.Text(0) == "ok" ? absl::OkStatus() : absl::DataLossError(row.Text(0));
      });
    });
  }

  // Every posting that was acknowledged is there once, with the id that its caller was told.
  absl::Status CheckRequests(bool all_answered) {
    std::map<std::string, std::string> stored;
    CLIENTELE_RETURN_IF_ERROR(loyalty_->database().RunReadOnly({}, [&](sql::Tx& tx) {
      return tx.Query(kListRequests, {}, [&](const sql::Row& row) {
        return stored.emplace(row.Text(0), row.Text(1)).second
                   ? absl::OkStatus()
                   : absl::DataLossError("a request was applied twice");
      });
    }));
    for (const auto& [request_id, transaction_id] : acknowledged_) {
      const auto found = stored.find(request_id);
      if (found == stored.end() || found->second != transaction_id) {
        return absl::DataLossError(absl::StrCat("an acknowledged posting is lost: ", request_id));
      }
    }
    return !all_answered || stored.size() == acknowledged_.size()
               ? absl::OkStatus()
               : absl::DataLossError("a posting that nobody made");
  }

  // As every client does; a posting that was committed is found and not made again.
  void RetryUnanswered() {
    for (const int request : std::exchange(unanswered_, {})) {
      const absl::StatusOr<v1::LedgerEntry> entry = loyalty_->Post(request);
      Check(entry.status(), "retry");
      if (entry.ok()) {
        acknowledged_[MakeRequestId(request)] = entry->transaction_id();
      }
    }
  }

  // Each has the points that its callers gave and took, and the feed has told all of its events.
  absl::Status CheckMembers() {
    std::map<std::string, int64_t> points;
    for (int request = 1; request <= last_request_; ++request) {
      points[CustomerOf(request)] += PointsOf(request);
    }
    return loyalty_->database().RunReadOnly({}, [&](sql::Tx& tx) {
      return tx.Query(kListMembers, {}, [&](const sql::Row& row) {
        const std::string customer_id(row.Text(0));
        return row.Int64(1) == kPointsAtFirst + points[customer_id] &&
                       row.Int64(2) == follower_.last_seq(customer_id)
                   ? absl::OkStatus()
                   : absl::DataLossError(absl::StrCat("balance or events of ", customer_id));
      });
    });
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("loyalty.db");
  sql::PowerCutDisk disk_;
  std::mt19937 random_{1};
  std::unique_ptr<Loyalty> loyalty_;
  Follower follower_;
  std::atomic<int> last_request_ = 0;
  std::mutex mutex_;
  // Guarded by mutex_ while the posters run:
  std::map<std::string, std::string> acknowledged_;  // request_id -> transaction_id
  std::vector<int> unanswered_;
  std::vector<std::string> problems_;
};

int CutCount() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads yet
  const char* is_long = std::getenv("CLIENTELE_LONG");
  return is_long != nullptr && std::string(is_long) == "1" ? 200 : 20;
}

TEST(PowerCutTest, NoAcknowledgedPostingIsLostAndNoneIsAppliedTwice) {
  Survivor survivor(sql::ForgottenSyncs::kNone);
  for (int cut = 0; cut < CutCount(); ++cut) {
    ASSERT_THAT(survivor.CutOnce(), IsEmpty()) << "power cut " << cut;
  }
}

// What the checks find with a defect planted, within as many power cuts as a run has.
std::vector<std::string> FirstProblems(sql::ForgottenSyncs forgotten) {
  Survivor survivor(forgotten);
  std::vector<std::string> problems;
  for (int cut = 0; cut < 20 && problems.empty(); ++cut) {
    problems = survivor.CutOnce();
  }
  return problems;
}

TEST(PowerCutTest, CatchesADatabaseThatIsNotSynced) {
  EXPECT_THAT(FirstProblems(sql::ForgottenSyncs::kAll),
              Contains(HasSubstr("an acknowledged posting is lost")));
}

TEST(PowerCutTest, CatchesACheckpointThatIsNotSynced) {
  EXPECT_THAT(FirstProblems(sql::ForgottenSyncs::kOfDatabaseFile), Not(IsEmpty()));
}

}  // namespace
}  // namespace clientele::loyalty
