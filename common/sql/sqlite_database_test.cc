#include "common/sql/sqlite_database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr absl::string_view kSchema =
    "CREATE TABLE entry (entry_id BIGINT NOT NULL, PRIMARY KEY (entry_id));";
constexpr Statement kInsertEntry = {"InsertEntry", "INSERT INTO entry (entry_id) VALUES ($1)"};
constexpr Statement kCountEntries = {"CountEntries", "SELECT COUNT(*) FROM entry"};

absl::Status CreateSchema(Database& database) {
  return database.RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); });
}

absl::Status InsertEntry(Database& database, int64_t id, const TxOptions& options = {}) {
  return database.RunInTransaction(
      options, [id](Tx& tx) { return tx.Execute(kInsertEntry, {id}).status(); });
}

int64_t CountEntries(Database& database) {
  int64_t count = -1;
  const absl::Status status = database.RunReadOnly({}, [&count](Tx& tx) {
    return tx.Query(kCountEntries, {}, [&count](const Row& row) {
      count = row.Int64(0);
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  return count;
}

// A connection of "another process", as a shell or a backup would have.
class OtherProcess {
 public:
  explicit OtherProcess(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &connection_), SQLITE_OK);
  }
  ~OtherProcess() { sqlite3_close(connection_); }
  void Run(const char* sql) {
    EXPECT_EQ(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  }

 private:
  sqlite3* connection_ = nullptr;
};

TEST(SqliteDatabase, LetsOnlyTheOwnerTouchItsFiles) {
  const TempFolder folder;
  const std::string path = folder.File("a.db");
  const auto database = OpenSqlite({.path = path});
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_TRUE(CreateSchema(**database).ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat file = {};
    ASSERT_EQ(stat((path + suffix).c_str(), &file), 0) << suffix;
    EXPECT_EQ(file.st_mode & 0777, 0600u) << suffix;
  }
}

// A kill does not lose what the kernel has; only a power cut would show that commits are not
// synced.
TEST(SqliteDatabase, SyncsEveryCommitToALogThatReadersDoNotWaitFor) {
  const TempFolder folder;
  const auto database = OpenSqlite({.path = folder.File("a.db")});
  const auto writer_setting = [&](absl::string_view pragma, auto get) {
    const absl::Status status = (*database)->RunInTransaction({}, [&](Tx& tx) {
      return tx.QueryText("Pragma", pragma, {}, [&get](const Row& row) {
        get(row);
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
  };
  writer_setting("PRAGMA synchronous", [](const Row& row) {
    EXPECT_EQ(row.Int64(0), 2);  // FULL
  });
  writer_setting("PRAGMA journal_mode", [](const Row& row) { EXPECT_EQ(row.Text(0), "wal"); });
  writer_setting("PRAGMA secure_delete", [](const Row& row) { EXPECT_EQ(row.Int64(0), 1); });
  writer_setting("PRAGMA mmap_size", [](const Row& row) { EXPECT_EQ(row.Int64(0), 0); });
}

TEST(SqliteDatabase, SaysWhichFolderItCannotUse) {
  const TempFolder folder;
  const auto database = OpenSqlite({.path = folder.File("absent/a.db")});
  EXPECT_EQ(database.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(database.status()), "DATABASE_NOT_OPENED");
  EXPECT_THAT(std::string(database.status().message()),
              HasSubstr("absent/a.db cannot be opened: its folder: No such file or directory"));
}

TEST(SqliteDatabase, RefusesAFileThatIsNoDatabase) {
  const TempFolder folder;
  std::ofstream(folder.File("a.db")) << std::string(8192, 'x');
  const auto database = OpenSqlite({.path = folder.File("a.db")});
  EXPECT_EQ(database.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(database.status().message()), HasSubstr("file is not a database"));
}

TEST(SqliteDatabase, RefusesAFolderInPlaceOfAFile) {
  const TempFolder folder;
  const auto database = OpenSqlite({.path = folder.File(".")});
  EXPECT_EQ(GetErrorReason(database.status()), "DATABASE_NOT_OPENED");
}

TEST(SqliteDatabase, CountsALockOfAnotherProcessAsAConflict) {
  const TempFolder folder;
  const auto database =
      OpenSqlite({.path = folder.File("a.db"), .lock_wait_max = absl::Milliseconds(1)});
  ASSERT_TRUE(CreateSchema(**database).ok());
  OtherProcess other(folder.File("a.db"));
  other.Run("BEGIN IMMEDIATE");
  EXPECT_EQ(GetErrorReason(InsertEntry(**database, 1)), "TRANSACTION_CONFLICT");
  EXPECT_EQ(CountEntries(**database), 0) << "readers do not wait";
  other.Run("COMMIT");
  EXPECT_TRUE(InsertEntry(**database, 1).ok());
}

TEST(SqliteDatabase, GivesUpAtTheDeadlineOnALockOfAnotherProcess) {
  const TempFolder folder;
  const auto database = OpenSqlite({.path = folder.File("a.db")});
  ASSERT_TRUE(CreateSchema(**database).ok());
  OtherProcess other(folder.File("a.db"));
  other.Run("BEGIN IMMEDIATE");
  const TxOptions options{.deadline = absl::Now() + absl::Milliseconds(10)};
  EXPECT_EQ(GetErrorReason(InsertEntry(**database, 1, options)), "DEADLINE_TOO_SHORT");
  other.Run("COMMIT");
}

TEST(SqliteDatabase, ClustersATableThatIsMarkedSo) {
  const auto database = OpenSqlite({.path = ":memory:"});
  ASSERT_TRUE(database.ok()) << database.status();
  const absl::Status status = (*database)->RunInTransaction({}, [](Tx& tx) -> absl::Status {
    return tx.ExecuteSchema(
        "CREATE TABLE clustered (a TEXT NOT NULL, PRIMARY KEY (a)) /* sqlite: WITHOUT ROWID */;\n"
        "CREATE TABLE plain (a TEXT NOT NULL, PRIMARY KEY (a));\n");
  });
  ASSERT_TRUE(status.ok()) << status;
  const auto select_rowid = [&](absl::string_view text) {
    return (*database)->RunReadOnly({}, [text](Tx& tx) {
      return tx.QueryText("SelectRowid", text, {}, [](const Row&) { return absl::OkStatus(); });
    });
  };
  EXPECT_THAT(GetLogDetail(select_rowid("SELECT rowid FROM clustered")),
              HasSubstr("no such column"));
  EXPECT_TRUE(select_rowid("SELECT rowid FROM plain").ok());
}

TEST(SqliteDatabase, SeesNoDataOfAnotherInMemoryDatabase) {
  const auto first = OpenSqlite({.path = ":memory:"});
  const auto second = OpenSqlite({.path = ":memory:"});
  ASSERT_TRUE(CreateSchema(**first).ok());
  ASSERT_TRUE(CreateSchema(**second).ok());
  ASSERT_TRUE(InsertEntry(**first, 1).ok());
  EXPECT_EQ(CountEntries(**second), 0);
}

TEST(SqliteDatabase, TellsTheObserverOfStatementsCommitsAndWaits) {
  std::mutex mutex;
  std::map<std::string, int> counts;
  const auto database =
      OpenSqlite({.path = ":memory:", .observer = [&](absl::string_view name, double seconds) {
                    std::lock_guard<std::mutex> lock(mutex);
                    EXPECT_GE(seconds, 0);
                    EXPECT_LT(seconds, 60);
                    ++counts[std::string(name)];
                  }});
  ASSERT_TRUE(CreateSchema(**database).ok());
  ASSERT_TRUE(InsertEntry(**database, 1).ok());
  EXPECT_FALSE(InsertEntry(**database, 1).ok());
  CountEntries(**database);
  using ::testing::Pair;
  EXPECT_THAT(counts, UnorderedElementsAre(Pair("WaitForWriter", 3), Pair("InsertEntry", 2),
                                           Pair("Commit", 3), Pair("WaitForReader", 1),
                                           Pair("CountEntries", 1)));
}

// Statement::text should be static storage; where it is not, an old address may hold a new text.
TEST(SqliteDatabase, PreparesAgainWhenAnAddressHoldsAnotherText) {
  const auto database = OpenSqlite({.path = ":memory:"});
  std::string text = "SELECT CAST(1 AS BIGINT)";
  for (const char digit : {'1', '2'}) {
    text[12] = digit;
    int64_t answer = 0;
    const absl::Status status = (*database)->RunReadOnly({}, [&](Tx& tx) {
      return tx.Query({"Dynamic", text}, {}, [&answer](const Row& row) {
        answer = row.Int64(0);
        return absl::OkStatus();
      });
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(answer, digit - '0');
  }
}

TEST(SqliteDatabase, RefusesSeveralStatementsInOneText) {
  const auto database = OpenSqlite({.path = ":memory:"});
  ASSERT_TRUE(CreateSchema(**database).ok());
  const absl::Status status = (*database)->RunInTransaction({}, [](Tx& tx) {
    return tx.Execute({"Two", "DELETE FROM entry; DELETE FROM entry"}, {}).status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace clientele::sql
