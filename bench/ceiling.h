#ifndef BENCH_CEILING_H_
#define BENCH_CEILING_H_

// The speed of the database itself under loyalty's postings: the same rows in the same tables and
// batches, each batch a durable commit and its events moved into the feed by a second one, but no
// server: no RPC, no idempotent answers, no rules, no threads but those that wait for the database.

#include <memory>
#include <string>

#include "bench/ledger_fixture.h"

namespace clientele::loyalty {

// A database with members in it, which LedgerServer made.
class Ceiling {
 public:
  virtual ~Ceiling() = default;

  // Writes `options.postings` and returns when the last of their events is in the feed.
  virtual void Post(const LedgerOptions& options) = 0;

  // Lets the database count its rows.
  virtual void Analyze() = 0;
};

// By `options.callers` connections and one that moves the events. The tables are in `schema`.
std::unique_ptr<Ceiling> OpenPostgresCeiling(const std::string& dsn, const std::string& schema);

// By one thread, which is all that SQLite lets write at a time.
std::unique_ptr<Ceiling> OpenSqliteCeiling(const std::string& path);

}  // namespace clientele::loyalty

#endif  // BENCH_CEILING_H_
