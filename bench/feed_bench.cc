// P13: how fast one consumer follows a feed on PostgreSQL with its position in its own
// transactions, how late it is live, and how fast a consumer of a table is that LISTENs and takes
// row by row.
//
// Usage: feed_bench --postgres DSN [--events N] [--live-events N] [--rows N]
//   --events N       events in the feed before the consumer begins (default 50,000)
//   --live-events N  then written one by one while it follows (default 400)
//   --rows N         rows of the rival (default 2,000)
// The source is a server of loyalty, the consumer the one every service has, on a schema of its own
// in the same PostgreSQL; what it does with events is to count them. Prints one JSON object.

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/ledger_fixture.h"
#include "bench/notify_polling.h"
#include "common/feed/consumer.h"
#include "common/feed/event_record.h"
#include "common/feed/migrations.h"
#include "common/rpc/client.h"
#include "common/sql/migration.h"
#include "common/sql/postgres_database.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kCustomers = 1'000;
constexpr int64_t kEventsPerTransaction = 1'000;
constexpr absl::Duration kBetweenLiveEvents = absl::Milliseconds(5);
constexpr absl::Duration kWaitMax = absl::Minutes(2);

struct FeedOptions {
  std::string postgres;
  int64_t events = 50'000;
  int64_t live_events = 400;
  int64_t rows = 2'000;
};

FeedOptions ParseOptions(int argc, char** argv) {
  FeedOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--postgres") {
      options.postgres = argv[i + 1];
      continue;
    }
    int64_t* const target = name == "--events"        ? &options.events
                            : name == "--live-events" ? &options.live_events
                            : name == "--rows"        ? &options.rows
                                                      : nullptr;
    CLIENTELE_CHECK(target != nullptr && absl::SimpleAtoi(argv[i + 1], target) && *target > 0);
  }
  CLIENTELE_CHECK(!options.postgres.empty());
  return options;
}

// Counts what is committed and notes when. Thread-safe.
class CountingHandler final : public feed::EventHandler {
 public:
  absl::Status Apply(sql::Tx& /*tx*/, absl::Span<const common::v1::Event> events) override {
    applied_ids_.clear();
    for (const common::v1::Event& event : events) applied_ids_.push_back(event.id());
    return absl::OkStatus();
  }

  void OnCommitted() override {
    const absl::Time now = absl::Now();
    std::lock_guard<std::mutex> lock(mutex_);
    for (std::string& id : applied_ids_) times_.emplace(std::move(id), now);
    changed_.notify_one();
  }

  void AwaitCount(int64_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    CLIENTELE_CHECK(changed_.wait_for(lock, absl::ToChronoSeconds(kWaitMax), [&] {
      return static_cast<int64_t>(times_.size()) >= count;
    }));
  }

  // When the event with this id was committed, which it is.
  absl::Time TimeOf(const std::string& id) {
    std::lock_guard<std::mutex> lock(mutex_);
    return times_.at(id);
  }

 private:
  std::vector<std::string> applied_ids_;  // by the consumer's thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  absl::flat_hash_map<std::string, absl::Time> times_;  // guarded by mutex_
};

// Writes events as a service does, numbered by customer.
class EventWriter {
 public:
  explicit EventWriter(LedgerServer& server) : server_(server) {}

  // In one transaction; answers their ids.
  std::vector<std::string> Write(int64_t count) {
    std::vector<feed::OutboxEvent> events;
    std::vector<std::string> ids;
    events.reserve(count);
    ids.reserve(count);
    for (int64_t i = 0; i < count; ++i) {
      events.push_back(MakeEvent(written_++));
      ids.push_back(events.back().event_id);
    }
    const absl::Status status = server_.runtime().database().RunInTransaction(
        {}, [&](sql::Tx& tx) { return feed::AppendToOutbox(tx, events); });
    CLIENTELE_CHECK(status.ok());
    server_.runtime().PokeOutbox();
    return ids;
  }

 private:
  feed::OutboxEvent MakeEvent(int64_t number) {
    const absl::Time now = absl::Now();
    return {.event_id = server_.ids().New(now),
            .type = "clientele.loyalty.points.redeemed.v1",
            .subject = absl::StrCat("entry/", number),
            .customer_id = MemberId(number % kCustomers),
            .feed_seq = number / kCustomers + 1,
            .occur_time = now,
            .record_time = now,
            .data_type = "clientele.loyalty.v1.PointsRedeemed",
            .data = std::string(57, 'x')};
  }

  LedgerServer& server_;
  int64_t written_ = 0;
};

std::unique_ptr<sql::Database> OpenTarget(const std::string& dsn) {
  auto database =
      sql::OpenPostgres({.dsn = dsn, .schema = absl::StrCat(LedgerSchema(), "_consumer")});
  CLIENTELE_CHECK(database.ok() && sql::Migrate(**database, feed::Migrations()).ok());
  return *std::move(database);
}

// The milliseconds from the end of the writer's commit to the end of the consumer's, sorted.
std::vector<double> MeasureLags(EventWriter& writer, CountingHandler& handler,
                                const FeedOptions& options) {
  std::vector<std::pair<std::string, absl::Time>> committed;
  committed.reserve(options.live_events);
  for (int64_t i = 0; i < options.live_events; ++i) {
    absl::SleepFor(kBetweenLiveEvents);
    std::string id = writer.Write(1).front();
    committed.emplace_back(std::move(id), absl::Now());
  }
  handler.AwaitCount(options.events + options.live_events);
  std::vector<double> lags_ms;
  lags_ms.reserve(committed.size());
  for (const auto& [id, time] : committed) {
    lags_ms.push_back(absl::ToDoubleMilliseconds(handler.TimeOf(id) - time));
  }
  std::sort(lags_ms.begin(), lags_ms.end());
  return lags_ms;
}

double PerSecond(int64_t count, absl::Duration duration) {
  return static_cast<double>(count) / absl::ToDoubleSeconds(duration);
}

void RunBench(const FeedOptions& options) {
  const TempFolder folder;
  LedgerServer server(folder.path(), options.postgres);
  server.Serve();
  EventWriter writer(server);
  for (int64_t left = options.events; left > 0; left -= kEventsPerTransaction) {
    writer.Write(std::min(left, kEventsPerTransaction));
  }
  server.AwaitDrained();
  server.Analyze();

  const std::unique_ptr<sql::Database> target = OpenTarget(options.postgres);
  CountingHandler handler;
  const SystemClock clock;
  feed::Consumer consumer({"loyalty", rpc::Connect(server.runtime().address()), "bench"}, {},
                          *target, handler, clock, [](const feed::ConsumerFailure& failure) {
                            std::fprintf(stderr, "%s\n", failure.status.ToString().c_str());
                            CLIENTELE_CHECK(false);
                          });
  const absl::Time begin = absl::Now();
  consumer.Start();
  handler.AwaitCount(options.events);
  const absl::Duration caught_up = absl::Now() - begin;
  const std::vector<double> lags_ms = MeasureLags(writer, handler, options);
  consumer.Stop();
  const absl::Duration polled =
      bench::ConsumeByPolling(options.postgres, LedgerSchema(), options.rows);
  absl::PrintF(
      "{\"events_per_s\":%.1f,\"lag_p50_ms\":%.3f,\"lag_p99_ms\":%.3f,\"rows_per_s\":%.1f}\n",
      PerSecond(options.events, caught_up), lags_ms[lags_ms.size() / 2],
      lags_ms[lags_ms.size() * 99 / 100], PerSecond(options.rows, polled));
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  clientele::loyalty::RunBench(clientele::loyalty::ParseOptions(argc, argv));
}
