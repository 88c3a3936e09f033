#include "common/sql/sqlite_database.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/sql/connection_turn.h"
#include "common/sql/errors.h"
#include "common/sql/retry.h"
#include "common/sql/sqlite_connection.h"
#include "common/sql/sqlite_tx.h"
#include "common/sql/statement_timer.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kInMemory = ":memory:";

// More callers than any executor of ours has threads: who finds this many before it would wait for
// seconds, and is better told so at once.
constexpr int kWaitersMax = 1024;

constexpr absl::Duration kPingTimeout = absl::Seconds(2);

// Reads the first page of the file, so that it fails when the file cannot be read.
constexpr Statement kPing = {"Ping", "SELECT COUNT(*) FROM sqlite_schema"};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::unique_ptr<SqliteConnection> writer,
                 std::vector<std::unique_ptr<SqliteConnection>> readers, StatementObserver observer)
      : observer_(std::move(observer)),
        writer_(std::move(writer)),
        readers_(std::move(readers)),
        writer_queue_(1, kWaitersMax),
        reader_queue_(static_cast<int>(readers_.size()), kWaitersMax) {}

  absl::Status RunInTransaction(const TxOptions& options, TxCallback work) override {
    CLIENTELE_ASSIGN_OR_RETURN(const SlotQueue::Lease lease,
                               Wait(writer_queue_, kWaitForWriterName, options.deadline));
    return Run(*writer_, options, work);
  }

  absl::Status RunReadOnly(const TxOptions& options, TxCallback work) override {
    CLIENTELE_ASSIGN_OR_RETURN(const SlotQueue::Lease lease,
                               Wait(reader_queue_, kWaitForReaderName, options.deadline));
    return Run(*readers_[lease.slot()], options, work);
  }

  absl::Status Ping() override {
    return RunReadOnly({.deadline = absl::Now() + kPingTimeout}, [](Tx& tx) {
      return tx.Query(kPing, {}, [](const Row&) { return absl::OkStatus(); });
    });
  }

  PoolLoad load() const override {
    return {.connections_max = writer_queue_.slot_count() + reader_queue_.slot_count(),
            .writers_max = writer_queue_.slot_count(),
            .in_use_count = writer_queue_.in_use_count() + reader_queue_.in_use_count(),
            .waiting_count = writer_queue_.waiter_count() + reader_queue_.waiter_count()};
  }

 private:
  absl::StatusOr<SlotQueue::Lease> Wait(SlotQueue& queue, absl::string_view name,
                                        absl::Time deadline) {
    const StatementTimer timer(observer_, name);
    return AwaitConnection(queue, deadline);
  }

  absl::Status Run(SqliteConnection& connection, const TxOptions& options, TxCallback work) {
    return RetryOnConflict([&] {
      absl::Status status = connection.Begin(options);
      if (status.ok()) {
        status = WorkAndCommit(connection, work);
      }
      connection.Rollback();  // whatever is still open: the connection always goes back clean
      return status;
    });
  }

  absl::Status WorkAndCommit(SqliteConnection& connection, TxCallback work) {
    SqliteTx tx(connection, observer_);
    CLIENTELE_RETURN_IF_ERROR(work(tx));
    CLIENTELE_RETURN_IF_ERROR(tx.first_error());
    const StatementTimer timer(observer_, kCommitName);
    return connection.Commit();
  }

  const StatementObserver observer_;
  // Closed after the readers: the last connection to close moves the log into the file.
  const std::unique_ptr<SqliteConnection> writer_;
  const std::vector<std::unique_ptr<SqliteConnection>> readers_;
  SlotQueue writer_queue_;
  SlotQueue reader_queue_;
};

std::string LastSystemError() { return std::generic_category().message(errno); }

// Makes the file with mode 0600 when it is absent; SQLite would use the umask, and gives its log
// the mode of the file. An existing file is only looked at: closing a descriptor of it would drop
// the locks that other connections of this process hold.
absl::Status PrepareFile(const std::string& path) {
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) {
    folder = ".";
  }
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return DatabaseNotOpened(path, "its folder: " + LastSystemError());
  }
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    close(file);
    return absl::OkStatus();
  }
  if (errno != EEXIST || access(path.c_str(), R_OK | W_OK) != 0) {
    return DatabaseNotOpened(path, LastSystemError());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Database>> OpenConnections(const std::string& path,
                                                          SqliteDurability durability,
                                                          const SqliteOptions& options) {
  SqliteConnectionOptions settings{.path = path,
                                   .access = SqliteAccess::kReadWrite,
                                   .durability = durability,
                                   .cache_kib = options.cache_kib,
                                   .lock_wait_max = options.lock_wait_max};
  CLIENTELE_ASSIGN_OR_RETURN(auto writer, SqliteConnection::Open(settings));
  settings.access = SqliteAccess::kReadOnly;
  settings.cache_kib = options.cache_kib / 4;
  std::vector<std::unique_ptr<SqliteConnection>> readers;
  for (int i = 0; i < options.reader_connections; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(auto reader, SqliteConnection::Open(settings));
    readers.push_back(std::move(reader));
  }
  return std::make_unique<SqliteDatabase>(std::move(writer), std::move(readers), options.observer);
}

// A file whose folder is removed as soon as every connection has opened it. SQLite's own in-memory
// databases either belong to one connection or make readers and the writer wait for each other,
// and a test on one of them would pass where a real file fails.
absl::StatusOr<std::unique_ptr<Database>> OpenUnnamed(const SqliteOptions& options) {
  std::error_code error;
  std::string folder = (fs::temp_directory_path(error) / "clientele-sqlite-XXXXXX").string();
  if (error || mkdtemp(folder.data()) == nullptr) {
    return DatabaseNotOpened(options.path, "there is no folder for temporary files");
  }
  absl::StatusOr<std::unique_ptr<Database>> database =
      OpenConnections(folder + "/database", SqliteDurability::kProcessOnly, options);
  fs::remove_all(folder, error);
  return database;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  CLIENTELE_CHECK(options.reader_connections >= 1 && options.reader_connections <= 64);
  CLIENTELE_CHECK(options.cache_kib >= 64);
  if (options.path == kInMemory) {
    return OpenUnnamed(options);
  }
  CLIENTELE_RETURN_IF_ERROR(PrepareFile(options.path));
  return OpenConnections(options.path, SqliteDurability::kSynced, options);
}

}  // namespace clientele::sql
