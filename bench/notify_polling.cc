#include "bench/notify_polling.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/postgres_wire.h"
#include "common/status/macros.h"

namespace clientele::bench {
namespace {

constexpr int kWaitMs = 1'000;

// The payload is as long as an event of one point.
void Fill(PostgresWire& wire, int64_t row_count) {
  wire.Run(
      "CREATE TABLE queue (id BIGINT PRIMARY KEY, payload BYTEA NOT NULL);"
      "CREATE TABLE queue_position (name TEXT PRIMARY KEY, id BIGINT NOT NULL);"
      "INSERT INTO queue_position VALUES ('consumer', 0)");
  wire.Run("LISTEN queue");
  wire.Run(
      absl::StrCat("WITH added AS (INSERT INTO queue SELECT number, decode(repeat('00', 57), "
                   "'hex') FROM generate_series(1, ",
                   row_count, ") AS number RETURNING id) ",
                   "SELECT pg_notify('queue', CAST(id AS TEXT)) FROM added"));
  wire.Run("ANALYZE queue");
}

// Takes the row behind `position`, if there is one; answers where it stands then.
int64_t TakeOne(PostgresWire& wire, int64_t position) {
  wire.Send("begin");
  wire.Send("next", {BigintValue(position)});
  const std::vector<PostgresRows> found = wire.Finish();
  const bool has_row = found[1].count() > 0;
  const int64_t reached = has_row ? found[1].Bigint(0, 0) : position;
  if (has_row) wire.Send("move", {BigintValue(reached)});
  wire.Send("commit");
  wire.Finish();
  return reached;
}

}  // namespace

absl::Duration ConsumeByPolling(const std::string& dsn, absl::string_view schema,
                                int64_t row_count) {
  PostgresWire wire(dsn, schema);
  Fill(wire, row_count);
  wire.Prepare("begin", "BEGIN");
  wire.Prepare("next", "SELECT id, payload FROM queue WHERE id > $1 ORDER BY id LIMIT 1");
  wire.Prepare("move", "UPDATE queue_position SET id = $1 WHERE name = 'consumer'");
  wire.Prepare("commit", "COMMIT");
  const absl::Time begin = absl::Now();
  for (int64_t position = 0; position < row_count;) {
    const int64_t reached = TakeOne(wire, position);
    if (reached == position) wire.AwaitNotification(kWaitMs);
    position = reached;
  }
  return absl::Now() - begin;
}

}  // namespace clientele::bench
