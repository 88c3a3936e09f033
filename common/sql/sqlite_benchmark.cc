// What the SQLite driver costs per row: a batch of inserts into a clustered table of eight columns
// in one transaction, a scan of them, and single commits (which are one sync of the disk each).
//
//   ninja -C build/release common_sql_benchmark && build/release/common/sql/common_sql_benchmark

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/sqlite_database.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"

namespace clientele::sql {
namespace {

constexpr int64_t kInsertedRows = 1'000'000;
constexpr int64_t kBatchRows = 1'000;
constexpr int64_t kScannedRows = 10'000'000;

constexpr absl::string_view kSchema = R"sql(
CREATE TABLE measured_line (
  customer_id TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  line_number BIGINT NOT NULL,
  sku TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price_micros BIGINT NOT NULL,
  occur_time BIGINT NOT NULL,
  weight DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (customer_id, parent_id, line_number)
) /* sqlite: WITHOUT ROWID */;
)sql";

constexpr Statement kInsertLine = {
    "InsertLine",
    "INSERT INTO measured_line (customer_id, parent_id, line_number, sku, quantity,"
    " unit_price_micros, occur_time, weight) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Statement kScanLines = {
    "ScanLines", "SELECT customer_id, line_number, quantity, occur_time FROM measured_line"};

std::unique_ptr<Database> Open(const TempFolder& folder) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = folder.File("a.db")});
  CLIENTELE_CHECK(database.ok());
  CLIENTELE_CHECK(
      (*database)->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); }).ok());
  return *std::move(database);
}

// Inserts rows first .. first + count - 1 in key order, in batches of one transaction.
void Insert(Database& database, int64_t first, int64_t count) {
  const absl::Status status = database.RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    std::vector<std::string> customer_ids(kBatchRows);
    std::vector<std::vector<Param>> batch(kBatchRows);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t row = first + i;
      const int64_t slot = i % kBatchRows;
      customer_ids[slot] = absl::StrCat("online-retail-", 10'000'000 + row / 100);
      batch[slot] = {customer_ids[slot],
                     "0190a2b4-0000-7000-8000-000000000001",
                     row,
                     "85123A",
                     int64_t{6},
                     int64_t{2'550'000},
                     row * 1000,
                     0.5};
      if (slot == kBatchRows - 1) {
        CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertLine, batch).status());
      }
    }
    return absl::OkStatus();
  });
  CLIENTELE_CHECK(status.ok());
}

void InsertsInOneTransaction(benchmark::State& state) {
  while (state.KeepRunning()) {
    state.PauseTiming();
    const TempFolder folder;
    auto database = Open(folder);
    state.ResumeTiming();
    Insert(*database, 0, kInsertedRows);
    state.PauseTiming();
    database.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kInsertedRows);
}
BENCHMARK(InsertsInOneTransaction)->Unit(benchmark::kMillisecond)->UseRealTime();

void ScansRows(benchmark::State& state) {
  const TempFolder folder;
  const auto database = Open(folder);
  for (int64_t row = 0; row < kScannedRows; row += kInsertedRows) {
    Insert(*database, row, kInsertedRows);
  }
  while (state.KeepRunning()) {
    int64_t sum = 0;
    const absl::Status status = database->RunReadOnly({}, [&sum](Tx& tx) {
      return tx.Query(kScanLines, {}, [&sum](const Row& row) {
        sum +=
            static_cast<int64_t>(row.Text(0).size()) + row.Int64(1) + row.Int64(2) + row.Int64(3);
        return absl::OkStatus();
      });
    });
    CLIENTELE_CHECK(status.ok());
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * kScannedRows);
}
BENCHMARK(ScansRows)->Unit(benchmark::kMillisecond)->UseRealTime();

void CommitsOneRow(benchmark::State& state) {
  const TempFolder folder;
  const auto database = Open(folder);
  int64_t row = 0;
  while (state.KeepRunning()) {
    const absl::Status status = database->RunInTransaction({}, [&row](Tx& tx) {
      return tx
          .Execute(kInsertLine,
                   {"customer", "parent", ++row, "sku", int64_t{1}, int64_t{1}, int64_t{1}, 0.5})
          .status();
    });
    CLIENTELE_CHECK(status.ok());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CommitsOneRow)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace clientele::sql

BENCHMARK_MAIN();
