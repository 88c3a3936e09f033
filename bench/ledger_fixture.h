#ifndef BENCH_LEDGER_FIXTURE_H_
#define BENCH_LEDGER_FIXTURE_H_

// What the benchmarks of loyalty's ledger share: their arguments, and a loyalty server on a
// database of its own with members who have points to spend.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "bench/loopback_server.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "common/ids/uuid.h"
#include "common/server/service_runtime.h"
#include "services/loyalty/config.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

struct LedgerOptions {
  std::string postgres;  // DSN; empty = SQLite
  int64_t callers = 64;
  int64_t batch = 0;        // postings of a batch; 0 = one by one
  int64_t members = 1'000;  // whose points are spent, in turn
  int64_t postings = 2'000;
};

// Of a command line of --name value; CHECK-fails for any other.
LedgerOptions ParseLedgerOptions(int argc, char** argv);

// How many of so many postings there are in the batch that begins at `begin`, which is one of them.
int64_t BatchSizeAt(int64_t begin, const LedgerOptions& options);

std::string MemberId(int64_t number);

// The SQLite database of a server in `folder`.
std::string LedgerPath(absl::string_view folder);

// The PostgreSQL schema of this process.
std::string LedgerSchema();

Program BenchProgram();

// Loyalty as it is in production, on a new database in `folder` or in a new schema, migrated. Not
// thread-safe but for runtime().
class LedgerServer {
 public:
  LedgerServer(const std::string& folder, const std::string& postgres);

  // As LoopbackServer::Serve.
  void Serve() { server_.Serve(); }

  // Enrolls `count` members with points enough for any number of postings.
  void SeedMembers(const Program& program, int64_t count);

  // Returns when every event has its place in the feed.
  void AwaitDrained();

  // Lets the database know how many rows there are, as it does by itself within minutes: PostgreSQL
  // plans for empty tables until then.
  void Analyze();

  server::ServiceRuntime& runtime() { return server_.runtime(); }
  UuidV7Generator& ids() { return server_.ids(); }

 private:
  void SeedRange(const Program& program, int64_t begin, int64_t end);

  const LoyaltyConfig config_;
  bench::LoopbackServer server_;
};

// Makes `request` posting number `number`: one point of the member whose turn it is among
// `members`.
void FillRedeem(LedgerServer& server, int64_t number, int64_t members, v1::RedeemRequest& request);

}  // namespace clientele::loyalty

#endif  // BENCH_LEDGER_FIXTURE_H_
