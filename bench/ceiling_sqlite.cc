#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "bench/ceiling.h"
#include "bench/ceiling_rows.h"
#include "common/ids/stable_hash.h"
#include "common/status/macros.h"

namespace clientele::loyalty {
namespace {

// As the server's connection: what is durable, deleted and cached is the same.
constexpr char kSettings[] =
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
    "PRAGMA cache_size=-8192;PRAGMA wal_autocheckpoint=4000;";

// A prepared statement.
class Statement {
 public:
  Statement(sqlite3* database, absl::string_view sql) {
    CLIENTELE_CHECK(sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                       SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) == SQLITE_OK);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle_); }

  // The parameters in order; text must live until the next Begin.
  Statement& Begin() {
    sqlite3_reset(handle_);
    bound_ = 0;
    return *this;
  }
  Statement& Add(int64_t number) {
    CLIENTELE_CHECK(sqlite3_bind_int64(handle_, ++bound_, number) == SQLITE_OK);
    return *this;
  }
  Statement& Add(absl::string_view text) {
    CLIENTELE_CHECK(sqlite3_bind_text(handle_, ++bound_, text.data(), static_cast<int>(text.size()),
                                      SQLITE_STATIC) == SQLITE_OK);
    return *this;
  }
  Statement& AddBytes(absl::string_view bytes) {
    CLIENTELE_CHECK(sqlite3_bind_blob(handle_, ++bound_, bytes.data(),
                                      static_cast<int>(bytes.size()), SQLITE_STATIC) == SQLITE_OK);
    return *this;
  }

  // Goes to the next row; false at the end.
  bool Step() {
    const int code = sqlite3_step(handle_);
    CLIENTELE_CHECK(code == SQLITE_ROW || code == SQLITE_DONE);
    return code == SQLITE_ROW;
  }
  void Run() { CLIENTELE_CHECK(!Step()); }

  int64_t Int64(int column) { return sqlite3_column_int64(handle_, column); }
  std::string Text(int column) {
    return {static_cast<const char*>(sqlite3_column_blob(handle_, column)),
            static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
  }

 private:
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
};

// A row of the outbox.
struct Event {
  std::string customer_id;
  int64_t feed_seq = 0;
  std::array<std::string, 4> names;  // id, aggregatetype, aggregateid, type
  int64_t time_us = 0;
  std::string data_type;
  std::string payload;
};

class SqliteFile {
 public:
  explicit SqliteFile(const std::string& path) {
    CLIENTELE_CHECK(sqlite3_open(path.c_str(), &handle_) == SQLITE_OK);
    Run(kSettings);
  }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;
  ~SqliteFile() { sqlite3_close(handle_); }

  void Run(const char* sql) {
    CLIENTELE_CHECK(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  sqlite3* handle() { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

class SqliteCeiling final : public Ceiling {
 public:
  explicit SqliteCeiling(const std::string& path) : file_(path) {}

  void Post(const LedgerOptions& options) override {
    for (int64_t i = 0; i < options.postings; i += BatchSizeAt(i, options)) {
      PostOne(i, options);
      MoveEvents();
    }
  }

  void Analyze() override { file_.Run("ANALYZE"); }

 private:
  void PostOne(int64_t begin, const LedgerOptions& options) {
    begin_.Begin().Run();
    std::vector<CeilingMember> members = Read(MembersOfBatch(begin, options));
    const absl::Time now = absl::Now();
    const int64_t now_us = absl::ToUnixMicros(now);
    for (const CeilingPosting& posting : PostBatch(begin, options, now, ids_, members)) {
      Insert(posting, now_us);
    }
    for (const CeilingMember& member : members) {
      change_lot_.Begin().Add(member.remaining).Add(member.id).Run();
      change_member_.Begin()
          .Add(member.available)
          .Add(member.entry_count)
          .AddBytes(member.head_hash)
          .Add(member.feed_seq)
          .Add(member.version)
          .Add(now_us)
          .Add(member.id)
          .Run();
    }
    commit_.Begin().Run();
  }

  std::vector<CeilingMember> Read(const std::vector<std::string>& ids) {
    std::vector<CeilingMember> members;
    members.reserve(ids.size());
    for (const std::string& id : ids) {
      CLIENTELE_CHECK(read_.Begin().Add(id).Step());
      members.push_back({.id = id,
                         .available = read_.Int64(0),
                         .entry_count = read_.Int64(1),
                         .head_hash = read_.Text(2),
                         .feed_seq = read_.Int64(3),
                         .version = read_.Int64(4),
                         .remaining = read_.Int64(5)});
    }
    read_.Begin();  // ends its last read
    return members;
  }

  void Insert(const CeilingPosting& posting, int64_t now_us) {
    insert_entry_.Begin()
        .Add(posting.customer_id)
        .Add(posting.seq)
        .Add(posting.transaction_id)
        .Add(posting.balance_after)
        .Add(now_us)
        .Add(posting.cause_key)
        .Add(posting.request_id)
        .Add(posting.content_hash)
        .AddBytes(posting.hash)
        .Run();
    insert_event_.Begin()
        .Add(posting.customer_id)
        .Add(posting.feed_seq)
        .Add(posting.event_id)
        .Add(posting.transaction_id)
        .Add(kCeilingEventType)
        .Add(now_us)
        .Add(kCeilingDataType)
        .AddBytes(posting.payload)
        .Run();
  }

  // From the outbox into the feed, in a commit of its own.
  void MoveEvents() {
    begin_.Begin().Run();
    for (const Event& event : TakeEvents()) {
      const int partition = PartitionOf(event.customer_id);
      insert_feed_.Begin().Add(int64_t{partition}).Add(++heads_.at(partition));
      insert_feed_.Add(event.customer_id).Add(event.feed_seq);
      for (const std::string& name : event.names) insert_feed_.Add(name);
      insert_feed_.Add(event.time_us).Add(event.data_type).AddBytes(event.payload).Run();
    }
    for (int partition = 0; partition < kPartitionCount; ++partition) {
      move_head_.Begin().Add(heads_.at(partition)).Add(int64_t{partition}).Run();
    }
    commit_.Begin().Run();
  }

  std::vector<Event> TakeEvents() {
    std::vector<Event> events;
    take_events_.Begin();
    while (take_events_.Step()) {
      Event& event = events.emplace_back();
      event.customer_id = take_events_.Text(0);
      event.feed_seq = take_events_.Int64(1);
      for (int i = 0; i < 4; ++i) event.names.at(i) = take_events_.Text(2 + i);
      event.time_us = take_events_.Int64(6);
      event.data_type = take_events_.Text(7);
      event.payload = take_events_.Text(8);
    }
    return events;
  }

  SqliteFile file_;
  UuidV7Generator ids_;
  std::array<int64_t, kPartitionCount> heads_{};
  Statement begin_{file_.handle(), "BEGIN IMMEDIATE"};
  Statement commit_{file_.handle(), "COMMIT"};
  Statement read_{
      file_.handle(),
      "SELECT available, entry_count, head_hash, feed_seq, version, remaining FROM member "
      "JOIN lot ON lot.customer_id = member.customer_id AND lot_seq = 1 "
      "WHERE member.customer_id = ?"};
  Statement insert_entry_{
      file_.handle(),
      "INSERT INTO ledger_entry (customer_id, seq, transaction_id, kind, debit_account, "
      "credit_account, points, balance_after, occur_time, record_time, cause_key, request_id, "
      "content_hash, hash, reason, program_version, used_lot_seq, used_points) "
      "VALUES (?1, ?2, ?3, 2, 1, 3, 1, ?4, ?5, ?5, ?6, ?7, ?8, ?9, 'REDEMPTION', 1, 1, 1)"};
  Statement change_lot_{file_.handle(),
                        "UPDATE lot SET remaining = ? WHERE customer_id = ? AND lot_seq = 1"};
  Statement change_member_{file_.handle(),
                           "UPDATE member SET available = ?1, entry_count = ?2, head_seq = ?2, "
                           "head_hash = ?3, feed_seq = ?4, version = ?5, last_record_time = ?6 "
                           "WHERE customer_id = ?7"};
  Statement insert_event_{
      file_.handle(),
      "INSERT INTO outbox (customer_id, feed_seq, id, aggregatetype, aggregateid, type, "
      "occur_time, record_time, data_type, payload) "
      "VALUES (?1, ?2, ?3, 'entry', ?4, ?5, ?6, ?6, ?7, ?8)"};
  Statement take_events_{
      file_.handle(),
      "DELETE FROM outbox WHERE customer_id >= '' RETURNING customer_id, feed_seq, id, "
      "aggregatetype, aggregateid, type, record_time, data_type, payload"};
  Statement insert_feed_{
      file_.handle(),
      "INSERT INTO feed (partition, position, customer_id, feed_seq, id, aggregatetype, "
      "aggregateid, type, occur_time, record_time, data_type, payload) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)"};
  Statement move_head_{file_.handle(), "UPDATE feed_head SET head = ? WHERE partition = ?"};
};

}  // namespace

std::unique_ptr<Ceiling> OpenSqliteCeiling(const std::string& path) {
  return std::make_unique<SqliteCeiling>(path);
}

}  // namespace clientele::loyalty
