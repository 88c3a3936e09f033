// P7: a full RFM re-score of a seeded segmentation database, through the real runner.
//
// Usage: rfm_rescore_bench [--customers N] [--database FILE] [--as-of DATE] [--dump FILE]
//                          [--seed-only]
// Seeds FILE with N customers (default 100,000) and 10 N orders unless it is there already, then
// scores them (QUANTILE, 5 bins, growth-11) and prints one JSON object. Without --database it works
// in a temporary folder. --dump writes the orders as CSV for a rival.

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/testing/whole_share.h"
#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "common/time/civil.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/jobs/rfm_executor.h"
#include "services/segmentation/jobs/rfm_runner.h"
#include "services/segmentation/store/order_log_store.h"
#include "services/segmentation/store/rfm_score_store.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {
namespace {

constexpr int kOrdersPerCustomer = 10;
constexpr int kCustomersPerTransaction = 2000;
constexpr int64_t kSecondsPerDay = 86'400;

struct Options {
  int64_t customers = 100'000;
  std::string database;
  std::string as_of = "2026-01-01";
  std::string dump;
  bool seed_only = false;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--seed-only") {
      options.seed_only = true;
      continue;
    }
    CLIENTELE_CHECK(i + 1 < argc);
    const std::string value = argv[++i];
    if (name == "--customers") {
      CLIENTELE_CHECK(absl::SimpleAtoi(value, &options.customers));
    } else if (name == "--database") {
      options.database = value;
    } else if (name == "--as-of") {
      options.as_of = value;
    } else if (name == "--dump") {
      options.dump = value;
    } else {
      CLIENTELE_CHECK(false);
    }
  }
  return options;
}

void CheckOk(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    // NOLINTNEXTLINE(concurrency-mt-unsafe): only the main thread ends it
    std::exit(1);
  }
}

// Makes the same customers and orders every time.
class Seeder {
 public:
  explicit Seeder(const Options& options) : options_(options) {
    if (!options.dump.empty()) {
      dump_.open(options.dump);
      dump_ << "customer,occur_us,gross_minor\n";
    }
  }

  void Run(sql::Database& database) {
    for (int64_t begin = 0; begin < options_.customers; begin += kCustomersPerTransaction) {
      MakeBatch(begin, std::min(options_.customers, begin + kCustomersPerTransaction));
      CheckOk(database.RunInTransaction({}, [this](sql::Tx& tx) {
        const absl::Status status = AppendCustomers(tx, customers_);
        return status.ok() ? AppendOrders(tx, orders_) : status;
      }));
    }
    CheckOk(database.RunInTransaction({}, [](sql::Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(const feed::Positions from,
                                 feed::ClaimWholeShare(tx, "profile", 1));
      feed::Positions to;
      to.fill(1);
      return feed::MoveConsumerPositions(tx, "profile", from, to, feed::WholeShare(1));
    }));
  }

 private:
  // Two neighbours have 20 orders together, so that the whole has exactly ten per customer.
  static int OrderCount(int64_t customer) {
    const int first = 1 + static_cast<int>((customer / 2 * 7) % 19);
    return customer % 2 == 0 ? first : 2 * kOrdersPerCustomer - first;
  }

  void MakeBatch(int64_t begin, int64_t end) {
    customers_.clear();
    orders_.clear();
    customer_ids_.clear();
    purchase_ids_.clear();
    customer_ids_.reserve(end - begin);
    purchase_ids_.reserve((end - begin) * 2 * kOrdersPerCustomer);
    for (int64_t customer = begin; customer < end; ++customer) {
      customer_ids_.push_back(absl::StrFormat("shop-%08d", customer));
      const EventPlace created{1, absl::FromUnixSeconds(1'600'000'000)};
      customers_.push_back({customer_ids_.back(), created});
      for (int i = 0; i < OrderCount(customer); ++i) {
        MakeOrder(customer_ids_.back());
      }
    }
  }

  void MakeOrder(absl::string_view customer_id) {
    std::string& purchase_id = purchase_ids_.emplace_back(16, '\0');
    for (char& byte : purchase_id) {
      byte = static_cast<char>(random_());
    }
    const int64_t days_ago = random_() % 730;
    const int64_t occur_s = 1'767'225'600 - kSecondsPerDay * days_ago - random_() % kSecondsPerDay;
    const int64_t gross_minor = 100 + static_cast<int64_t>(random_() % 300) * (random_() % 300);
    orders_.push_back({.customer_id = customer_id,
                       .purchase_id = purchase_id,
                       .recorded = {1, absl::FromUnixSeconds(occur_s)},
                       .gross_minor = gross_minor,
                       .currency_code = "EUR",
                       .source_system = "shop"});
    if (dump_.is_open()) {
      dump_ << customer_id << ',' << occur_s << "000000," << gross_minor << '\n';
    }
  }

  const Options options_;
  std::mt19937_64 random_{20260101};
  std::ofstream dump_;
  std::vector<std::string> customer_ids_;
  std::vector<std::string> purchase_ids_;
  std::vector<CustomerEntry> customers_;
  std::vector<OrderEntry> orders_;
};

RunNo RequestRun(sql::Database& database, const Options& options) {
  NewRun run;
  run.run_id = absl::StrCat("bench-", absl::ToUnixNanos(absl::Now()));
  run.model_id = "bench";
  run.model_version = 1;
  run.spec_bytes = SpecToBytes(RfmModelSpec{.currency_code = ""});
  run.as_of = ParseDate(options.as_of).value();
  run.as_of_time = StartOfDay(run.as_of, absl::UTCTimeZone());
  run.create_time = absl::Now();
  const absl::StatusOr<RunNo> run_no =
      WriteIn(database, {}, [&run](sql::Tx& tx) { return InsertRun(tx, run); });
  CheckOk(run_no.status());
  return *run_no;
}

// Customers per cell, read back from the snapshot.
std::map<int, int64_t> CountCells(sql::Database& database, RunNo run_no) {
  std::map<int, int64_t> cells;
  ScorePageQuery query{.limit = 50'000};
  bool more = true;
  while (more) {
    const absl::StatusOr<std::vector<ScoreRecord>> page =
        ReadIn(database, {}, [&](sql::Tx& tx) { return ListScores(tx, run_no, query); });
    CheckOk(page.status());
    for (const ScoreRecord& score : *page) {
      ++cells[score.entry.r * 100 + score.entry.f * 10 + score.entry.m];
    }
    more = static_cast<int64_t>(page->size()) == query.limit;
    query.after_customer_id = page->empty() ? "" : page->back().customer_id;
  }
  return cells;
}

double PeakResidentMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Score(sql::Database& database, const Options& options) {
  const RunNo run_no = RequestRun(database, options);
  SystemClock clock;
  RunBoard board;
  std::atomic<bool> stopping = false;
  const int threads = RfmRunnerOptions().load_threads;
  RfmExecutor executor(database, clock, board, stopping, threads, "local");
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<std::optional<RunReport>> report = executor.RunNext();
  const std::chrono::duration<double> total = std::chrono::steady_clock::now() - start;
  CheckOk(report.status());
  CheckOk((*report)->error);
  const double peak_rss_mb = PeakResidentMb();
  const std::string cells =
      absl::StrJoin(CountCells(database, run_no), ", ", [](std::string* out, const auto& cell) {
        absl::StrAppend(out, "\"", cell.first, "\": ", cell.second);
      });
  absl::PrintF(
      "{\"customers\": %d, \"orders\": %d, \"threads\": %d, \"load_s\": %.3f, \"score_s\": %.3f, "
      "\"write_s\": %.3f, \"total_s\": %.3f, \"peak_rss_mb\": %.1f, \"cells\": {%s}}\n",
      options.customers, options.customers * kOrdersPerCustomer, threads,
      absl::ToDoubleSeconds((*report)->load_duration),
      absl::ToDoubleSeconds((*report)->score_duration),
      absl::ToDoubleSeconds((*report)->write_duration), total.count(), peak_rss_mb, cells);
}

void Run(Options options) {
  const TempFolder temporary;
  if (options.database.empty()) {
    options.database = temporary.File("segmentation.db");
  }
  const bool seeded = std::filesystem::exists(options.database);
  auto database = sql::OpenSqlite({.path = options.database});
  CheckOk(database.status());
  CheckOk(sql::Migrate(**database, SchemaMigrations()));
  if (!seeded) {
    Seeder(options).Run(**database);
  }
  if (!options.seed_only) {
    Score(**database, options);
  }
}

}  // namespace
}  // namespace clientele::segmentation

int main(int argc, char** argv) {
  clientele::segmentation::Run(clientele::segmentation::ParseOptions(argc, argv));
  return 0;
}
