// What SQLite's driver does when the disk fails or the process dies. Each case runs in a forked
// child, which the fault may hit without hitting the test.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "common/sql/errors.h"
#include "common/sql/sqlite_database.h"
#include "common/status/error.h"
#include "common/testing/temp_folder.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kSchema =
    "CREATE TABLE IF NOT EXISTS entry ("
    "  entry_id BIGINT NOT NULL, filler TEXT NOT NULL, PRIMARY KEY (entry_id));";
constexpr Statement kInsertEntry = {"InsertEntry",
                                    "INSERT INTO entry (entry_id, filler) VALUES ($1, $2)"};
constexpr Statement kListEntries = {"ListEntries", "SELECT entry_id FROM entry ORDER BY entry_id"};
constexpr Statement kDeleteEntries = {"DeleteEntries", "DELETE FROM entry"};

constexpr int kSkipped = 77;  // a child's exit code when the machine does not allow the fault
constexpr int kEntriesMax = 10'000;

std::unique_ptr<Database> Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = path});
  EXPECT_TRUE(database.ok()) << database.status();
  const absl::Status created =
      (*database)->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); });
  EXPECT_TRUE(created.ok()) << created;
  return *std::move(database);
}

absl::Status Insert(Database& database, int64_t id, size_t filler_bytes) {
  const std::string filler(filler_bytes, 'x');
  return database.RunInTransaction({}, [&](Tx& tx) {
    return tx.Execute(kInsertEntry, {id, filler}).status();
  });
}

std::vector<int64_t> ListEntries(Database& database) {
  std::vector<int64_t> ids;
  const absl::Status status = database.RunReadOnly({}, [&ids](Tx& tx) {
    return tx.Query(kListEntries, {}, [&ids](const Row& row) {
      ids.push_back(row.Int64(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  return ids;
}

// Runs `body` in a child process; answers its exit code, which is 1 after a failed expectation.
template <typename Body>
int RunInChild(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    const int code = body();
    std::fflush(nullptr);
    _exit(::testing::Test::HasFailure() ? 1 : code);
  }
  int state = 0;
  EXPECT_EQ(waitpid(child, &state, 0), child);
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

// Inserts until an insert fails; answers that error. What was acknowledged must be all there is.
absl::Status FillUntilItFails(Database& database) {
  std::vector<int64_t> acknowledged;
  for (int64_t id = 1; id <= kEntriesMax; ++id) {
    absl::Status status = Insert(database, id, 8192);
    if (!status.ok()) {
      EXPECT_EQ(ListEntries(database), acknowledged);
      return status;
    }
    acknowledged.push_back(id);
  }
  return absl::OkStatus();
}

TEST(SqliteFaults, AnswersDiskFullAndKeepsWhatItAcknowledged) {
  const TempFolder folder;
  const std::string disk = folder.File("");
  const int code = RunInChild([&disk] {
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) ||
        mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0) {
      return kSkipped;
    }
    const auto database = Open(disk + "/a.db");
    const absl::Status full = FillUntilItFails(*database);
    EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(GetErrorReason(full), "DISK_FULL");
    EXPECT_TRUE(database->Ping().ok());
    return 0;
  });
  if (code == kSkipped) {
    GTEST_SKIP() << "only root may mount a small disk";
  }
  EXPECT_EQ(code, 0);
}

TEST(SqliteFaults, AnswersUnavailableWhenWritingFailsAndRecovers) {
  const TempFolder folder;
  const int code = RunInChild([&folder] {
    const auto database = Open(folder.File("a.db"));
    // Beyond this size writes fail with EFBIG, which is no full disk.
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {.rlim_cur = 256 << 10, .rlim_max = RLIM_INFINITY};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const absl::Status failed = FillUntilItFails(*database);
    EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(GetErrorReason(failed), "DATABASE_UNAVAILABLE");
    EXPECT_TRUE(GetErrorDetails(failed)->retry_delay.has_value());

    limit.rlim_cur = RLIM_INFINITY;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const size_t kept = ListEntries(*database).size();
    EXPECT_TRUE(Insert(*database, kEntriesMax, 8192).ok());
    EXPECT_EQ(ListEntries(*database).size(), kept + 1);
    return 0;
  });
  EXPECT_EQ(code, 0);
}

// Writes 1, 2, … and names each on `acknowledgements` once it is committed, until killed.
void WriteUntilKilled(const std::string& path, int64_t first_id, int acknowledgements) {
  const auto database = Open(path);
  for (int64_t id = first_id;; ++id) {
    if (!Insert(*database, id, 100).ok() ||
        write(acknowledgements, &id, sizeof(id)) != static_cast<ssize_t>(sizeof(id))) {
      _exit(1);
    }
  }
}

// Starts a writer, kills it after it has acknowledged `count` entries, and answers the last one
// that it acknowledged.
int64_t KillAWriter(const std::string& path, int64_t first_id, int count) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    WriteUntilKilled(path, first_id, ends[1]);
  }
  close(ends[1]);
  int64_t last = 0;
  int read_count = 0;
  for (int64_t id; read(ends[0], &id, sizeof(id)) == static_cast<ssize_t>(sizeof(id));) {
    last = id;
    if (++read_count == count) {
      kill(child, SIGKILL);  // what is in the pipe by then is read to its end
    }
  }
  close(ends[0]);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_GE(read_count, count);
  return last;
}

TEST(SqliteFaults, KeepsEveryAcknowledgedRowThroughTwentyKills) {
  const TempFolder folder;
  const std::string path = folder.File("a.db");
  int64_t next_id = 1;
  for (int round = 0; round < 20; ++round) {
    const int64_t last_acknowledged = KillAWriter(path, next_id, 1 + round * 7 % 40);
    const std::vector<int64_t> ids = ListEntries(*Open(path));
    // One more than acknowledged may be there: committed, and killed before it could say so.
    ASSERT_GE(ids.size(), static_cast<size_t>(last_acknowledged));
    ASSERT_LE(ids.size(), static_cast<size_t>(last_acknowledged + 1));
    for (size_t i = 0; i < ids.size(); ++i) {
      ASSERT_EQ(ids[i], static_cast<int64_t>(i + 1));
    }
    next_id = ids.back() + 1;
  }
}

TEST(SqliteFaults, KeepsNoHalfOfATransactionThatAKillInterrupts) {
  const TempFolder folder;
  const std::string path = folder.File("a.db");
  ASSERT_TRUE(Insert(*Open(path), 1, 10).ok());
  const int code = RunInChild([&path] {
    const auto database = Open(path);
    return database->RunInTransaction({},
                                      [](Tx& tx) -> absl::Status {
                                        EXPECT_EQ(*tx.Execute(kDeleteEntries, {}), 1);
                                        raise(SIGKILL);
                                        return absl::OkStatus();
                                      })
                   .ok()
               ? 0
               : 1;
  });
  EXPECT_EQ(code, -1) << "the child was killed";
  EXPECT_EQ(ListEntries(*Open(path)), std::vector<int64_t>{1});
}

}  // namespace
}  // namespace clientele::sql
