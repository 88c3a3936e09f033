// What bench/ceiling.h says, as a program.
//
// Usage: ceiling [--postgres DSN] [--callers N] [--batch N] [--members N] [--postings N]
//   as ledger_bench; --callers is the number of connections that post, on PostgreSQL.
// Prints one JSON object.

#include "bench/ceiling.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/ledger_fixture.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kWarmUpPostings = 2'000;

void MakeDatabase(const std::string& folder, const LedgerOptions& options) {
  LedgerServer server(folder, options.postgres);
  server.SeedMembers(BenchProgram(), options.members);
}

// Makes every kind of row, and lets the database know how many there are.
void WarmUp(Ceiling& ceiling, LedgerOptions options) {
  options.postings = kWarmUpPostings;
  ceiling.Post(options);
  ceiling.Analyze();
}

void RunBench(const LedgerOptions& options) {
  CLIENTELE_CHECK(options.callers > 0);
  const TempFolder folder;
  MakeDatabase(folder.path(), options);
  const std::unique_ptr<Ceiling> ceiling =
      options.postgres.empty() ? OpenSqliteCeiling(LedgerPath(folder.path()))
                               : OpenPostgresCeiling(options.postgres, LedgerSchema());
  WarmUp(*ceiling, options);
  const absl::Time begin = absl::Now();
  ceiling->Post(options);
  absl::PrintF("{\"per_s\":%.1f}\n",
               static_cast<double>(options.postings) / absl::ToDoubleSeconds(absl::Now() - begin));
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  clientele::loyalty::RunBench(clientele::loyalty::ParseLedgerOptions(argc, argv));
}
