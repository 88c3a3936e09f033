#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "bench/ceiling.h"
#include "bench/ceiling_rows.h"
#include "bench/postgres_wire.h"
#include "common/ids/stable_hash.h"
#include "common/status/macros.h"

namespace clientele::loyalty {
namespace {

using bench::BigintArray;
using bench::BigintColumn;
using bench::BigintValue;
using bench::ByteaColumn;
using bench::PostgresRows;
using bench::PostgresWire;
using bench::TextColumn;

constexpr char kLock[] =
    "SELECT customer_id, available, entry_count, head_hash, feed_seq, version FROM member "
    "WHERE customer_id = ANY ($1::text[]) ORDER BY customer_id FOR UPDATE";
// A statement of its own: it must see what the last holder of the lock has committed.
constexpr char kReadLots[] =
    "SELECT remaining FROM lot WHERE customer_id = ANY ($1::text[]) AND remaining > 0 "
    "ORDER BY customer_id";
constexpr char kInsertEntries[] =
    "INSERT INTO ledger_entry (customer_id, seq, transaction_id, kind, debit_account, "
    "credit_account, points, balance_after, occur_time, record_time, cause_key, request_id, "
    "content_hash, hash, reason, program_version, used_lot_seq, used_points) "
    "SELECT a, b, c, 2, 1, 3, 1, d, $9, $9, e, f, g, h, 'REDEMPTION', 1, 1, 1 "
    "FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], "
    "$7::text[], $8::bytea[]) AS entry (a, b, c, d, e, f, g, h)";
constexpr char kChangeLots[] =
    "UPDATE lot SET remaining = b FROM unnest($1::text[], $2::bigint[]) AS changed (a, b) "
    "WHERE customer_id = a AND lot_seq = 1";
constexpr char kChangeMembers[] =
    "UPDATE member SET available = b, entry_count = c, head_seq = c, head_hash = d, feed_seq = e, "
    "version = f, "
    "last_record_time = $7 FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], "
    "$5::bigint[], $6::bigint[]) AS changed (a, b, c, d, e, f) WHERE customer_id = a";
constexpr char kInsertEvents[] =
    "INSERT INTO outbox (customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, "
    "record_time, data_type, payload) "
    "SELECT a, b, c, 'entry', d, 'clientele.loyalty.points.redeemed.v1', $6, $6, "
    "'clientele.loyalty.v1.PointsRedeemed', e "
    "FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[]) "
    "AS event (a, b, c, d, e)";

constexpr char kTakeEvents[] =
    "DELETE FROM outbox WHERE customer_id >= $1::text RETURNING customer_id, feed_seq, id, "
    "aggregatetype, aggregateid, type, occur_time, record_time, data_type, payload";
constexpr char kInsertFeed[] =
    "INSERT INTO feed (partition, position, customer_id, feed_seq, id, aggregatetype, aggregateid, "
    "type, occur_time, record_time, data_type, payload) SELECT * FROM unnest($1::bigint[], "
    "$2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], "
    "$9::bigint[], $10::bigint[], $11::text[], $12::bytea[])";
constexpr char kMoveHeads[] =
    "UPDATE feed_head SET head = b FROM unnest($1::bigint[], $2::bigint[]) AS moved (a, b) "
    "WHERE partition = a";

// How many postings have committed that are not in the feed yet.
class Backlog {
 public:
  void Add(int64_t count) {
    std::lock_guard<std::mutex> lock(mutex_);
    count_ += count;
    changed_.notify_one();
  }

  // Waits for some, and takes them all.
  int64_t TakeAll() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ > 0; });
    return std::exchange(count_, 0);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t count_ = 0;  // guarded by mutex_
};

// One connection that posts.
class Poster {
 public:
  Poster(const std::string& dsn, const std::string& schema, UuidV7Generator& ids)
      : wire_(dsn, schema), ids_(ids) {
    wire_.Prepare("begin", "BEGIN");
    wire_.Prepare("lock", kLock);
    wire_.Prepare("lots", kReadLots);
    wire_.Prepare("entries", kInsertEntries);
    wire_.Prepare("change lots", kChangeLots);
    wire_.Prepare("change members", kChangeMembers);
    wire_.Prepare("events", kInsertEvents);
    wire_.Prepare("commit", "COMMIT");
  }

  // One durable batch: two round trips.
  void Post(int64_t begin, const LedgerOptions& options) {
    std::vector<CeilingMember> members = Lock(MembersOfBatch(begin, options));
    const absl::Time now = absl::Now();
    const std::vector<CeilingPosting> postings = PostBatch(begin, options, now, ids_, members);
    SendPostings(postings, absl::ToUnixMicros(now));
    SendMembers(members, absl::ToUnixMicros(now));
    wire_.Send("commit");
    wire_.Finish();
  }

 private:
  std::vector<CeilingMember> Lock(const std::vector<std::string>& ids) {
    const auto keys = TextColumn(ids, [](const std::string& id) { return absl::string_view(id); });
    wire_.Send("begin");
    wire_.Send("lock", {keys});
    wire_.Send("lots", {keys});
    const std::vector<PostgresRows> found = wire_.Finish();
    const PostgresRows& members = found[1];
    const PostgresRows& lots = found[2];
    CLIENTELE_CHECK(members.count() == static_cast<int>(ids.size()));
    CLIENTELE_CHECK(lots.count() == members.count());
    std::vector<CeilingMember> locked;
    locked.reserve(ids.size());
    for (int i = 0; i < members.count(); ++i) {
      locked.push_back({.id = ids[i],
                        .available = members.Bigint(i, 1),
                        .entry_count = members.Bigint(i, 2),
                        .head_hash = std::string(members.Text(i, 3)),
                        .feed_seq = members.Bigint(i, 4),
                        .version = members.Bigint(i, 5),
                        .remaining = lots.Bigint(i, 0)});
    }
    return locked;
  }

  void SendPostings(const std::vector<CeilingPosting>& postings, int64_t now_us) {
    const auto customers = TextColumn(postings, &CeilingPosting::customer_id);
    const auto transactions = TextColumn(postings, &CeilingPosting::transaction_id);
    wire_.Send("entries", {customers, BigintColumn(postings, &CeilingPosting::seq), transactions,
                           BigintColumn(postings, &CeilingPosting::balance_after),
                           TextColumn(postings, &CeilingPosting::cause_key),
                           TextColumn(postings, &CeilingPosting::request_id),
                           TextColumn(postings, &CeilingPosting::content_hash),
                           ByteaColumn(postings, &CeilingPosting::hash), BigintValue(now_us)});
    wire_.Send("events", {customers, BigintColumn(postings, &CeilingPosting::feed_seq),
                          TextColumn(postings, &CeilingPosting::event_id), transactions,
                          ByteaColumn(postings, &CeilingPosting::payload), BigintValue(now_us)});
  }

  void SendMembers(const std::vector<CeilingMember>& members, int64_t now_us) {
    const auto ids = TextColumn(members, &CeilingMember::id);
    wire_.Send("change lots", {ids, BigintColumn(members, &CeilingMember::remaining)});
    wire_.Send("change members",
               {ids, BigintColumn(members, &CeilingMember::available),
                BigintColumn(members, &CeilingMember::entry_count),
                ByteaColumn(members, &CeilingMember::head_hash),
                BigintColumn(members, &CeilingMember::feed_seq),
                BigintColumn(members, &CeilingMember::version), BigintValue(now_us)});
  }

  PostgresWire wire_;
  UuidV7Generator& ids_;
};

// The connection that moves events from the outbox into the feed.
class Mover {
 public:
  Mover(const std::string& dsn, const std::string& schema) : wire_(dsn, schema) {
    wire_.Prepare("begin", "BEGIN");
    wire_.Prepare("take", kTakeEvents);
    wire_.Prepare("insert", kInsertFeed);
    wire_.Prepare("heads", kMoveHeads);
    wire_.Prepare("commit", "COMMIT");
  }

  // Moves what has committed; answers how many events that were.
  int64_t Move() {
    wire_.Send("begin");
    wire_.Send("take", {{""}});
    const std::vector<PostgresRows> found = wire_.Finish();
    const PostgresRows& events = found[1];
    if (events.count() > 0) SendFeed(events);
    wire_.Send("commit");
    wire_.Finish();
    return events.count();
  }

 private:
  void SendFeed(const PostgresRows& events) {
    const std::vector<int> order = OrderOf(events);
    std::vector<int64_t> partitions;
    std::vector<int64_t> positions;
    partitions.reserve(order.size());
    positions.reserve(order.size());
    for (const int row : order) {
      const int partition = PartitionOf(events.Text(row, 0));
      partitions.push_back(partition);
      positions.push_back(++heads_.at(partition));
    }
    const auto numbers = [&](int column) {
      return BigintColumn(order, [&](int row) { return events.Bigint(row, column); });
    };
    const auto texts = [&](int column) {
      return TextColumn(order, [&](int row) { return events.Text(row, column); });
    };
    wire_.Send("insert", {BigintArray(partitions), BigintArray(positions), texts(0), numbers(1),
                          texts(2), texts(3), texts(4), texts(5), numbers(6), numbers(7), texts(8),
                          ByteaColumn(order, [&](int row) { return events.Text(row, 9); })});
    SendHeads();
  }

  // Each customer's events in their order.
  static std::vector<int> OrderOf(const PostgresRows& events) {
    std::vector<int> order(events.count());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&events](int a, int b) {
      return std::pair(events.Text(a, 0), events.Bigint(a, 1)) <
             std::pair(events.Text(b, 0), events.Bigint(b, 1));
    });
    return order;
  }

  void SendHeads() {
    std::vector<int64_t> partitions(heads_.size());
    std::iota(partitions.begin(), partitions.end(), 0);
    wire_.Send("heads", {BigintArray(partitions), BigintArray({heads_.begin(), heads_.end()})});
  }

  PostgresWire wire_;
  std::array<int64_t, kPartitionCount> heads_{};
};

class PostgresCeiling final : public Ceiling {
 public:
  PostgresCeiling(const std::string& dsn, const std::string& schema)
      : dsn_(dsn), schema_(schema), mover_(dsn, schema) {}

  void Post(const LedgerOptions& options) override {
    OpenPosters(options.callers);
    Backlog backlog;
    std::atomic<int64_t> next = 0;
    std::vector<std::thread> threads;
    threads.reserve(posters_.size());
    for (const std::unique_ptr<Poster>& poster : posters_) {
      threads.emplace_back([&, step = std::max<int64_t>(options.batch, 1)] {
        for (int64_t i = next.fetch_add(step); i < options.postings; i = next.fetch_add(step)) {
          poster->Post(i, options);
          backlog.Add(BatchSizeAt(i, options));
        }
      });
    }
    for (int64_t moved = 0; moved < options.postings;) {
      backlog.TakeAll();
      moved += mover_.Move();
    }
    for (std::thread& thread : threads) thread.join();
  }

  void Analyze() override { PostgresWire(dsn_, schema_).Run("ANALYZE"); }

 private:
  void OpenPosters(int64_t count) {
    while (static_cast<int64_t>(posters_.size()) < count) {
      posters_.push_back(std::make_unique<Poster>(dsn_, schema_, ids_));
    }
  }

  const std::string dsn_;
  const std::string schema_;
  UuidV7Generator ids_;
  Mover mover_;
  std::vector<std::unique_ptr<Poster>> posters_;
};

}  // namespace

std::unique_ptr<Ceiling> OpenPostgresCeiling(const std::string& dsn, const std::string& schema) {
  return std::make_unique<PostgresCeiling>(dsn, schema);
}

}  // namespace clientele::loyalty
