#ifndef BENCH_POSTGRES_WIRE_H_
#define BENCH_POSTGRES_WIRE_H_

// libpq as a plain program uses it, for what our own driver is measured beside: prepared
// statements, pipelines, binary values, whole columns as arrays. Everything CHECK-fails that goes
// wrong.

#include <libpq-fe.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::bench {

// A parameter in PostgreSQL's binary format.
struct PostgresValue {
  std::string bytes;
};

PostgresValue BigintValue(int64_t number);
// bigint[], text[] and bytea[].
PostgresValue BigintArray(const std::vector<int64_t>& numbers);
PostgresValue TextArray(const std::vector<absl::string_view>& texts);
PostgresValue ByteaArray(const std::vector<absl::string_view>& texts);

// One column of `rows`, the value of each by `get`.
template <typename Row, typename Get>
PostgresValue BigintColumn(const std::vector<Row>& rows, Get get) {
  std::vector<int64_t> numbers;
  numbers.reserve(rows.size());
  for (const Row& row : rows) numbers.push_back(std::invoke(get, row));
  return BigintArray(numbers);
}

template <typename Row, typename Get>
std::vector<absl::string_view> ViewsOf(const std::vector<Row>& rows, Get get) {
  std::vector<absl::string_view> views;
  views.reserve(rows.size());
  for (const Row& row : rows) views.push_back(std::invoke(get, row));
  return views;
}

template <typename Row, typename Get>
PostgresValue TextColumn(const std::vector<Row>& rows, Get get) {
  return TextArray(ViewsOf(rows, get));
}

template <typename Row, typename Get>
PostgresValue ByteaColumn(const std::vector<Row>& rows, Get get) {
  return ByteaArray(ViewsOf(rows, get));
}

// The rows of a statement, values in binary.
class PostgresRows {
 public:
  explicit PostgresRows(PGresult* result) : result_(result, &PQclear) {}

  int count() const { return PQntuples(result_.get()); }
  int64_t Bigint(int row, int column) const;
  // Of text and of bytea; lives as long as this.
  absl::string_view Text(int row, int column) const;

 private:
  std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

// One connection, always in pipeline mode but for Run. Used by one thread at a time.
class PostgresWire {
 public:
  // Finds tables in `schema`.
  PostgresWire(const std::string& dsn, absl::string_view schema);

  // Statements without parameters, one after the other.
  void Run(const std::string& sql);

  void Prepare(const char* name, const char* sql);

  // Sends a prepared statement after those sent before.
  void Send(const char* name, const std::vector<PostgresValue>& values = {});

  // Waits for everything sent since the last call; the rows of each statement, in order.
  std::vector<PostgresRows> Finish();

  // Waits for a NOTIFY on a channel that Run("LISTEN ...") listens to, `milliseconds` at most.
  void AwaitNotification(int milliseconds);

 private:
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  int sent_count_ = 0;
};

}  // namespace clientele::bench

#endif  // BENCH_POSTGRES_WIRE_H_
