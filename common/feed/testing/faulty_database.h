#ifndef COMMON_FEED_TESTING_FAULTY_DATABASE_H_
#define COMMON_FEED_TESTING_FAULTY_DATABASE_H_

// A database that fails at chosen moments, as a killed process or a lost connection would make it.

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "common/sql/database.h"

namespace clientele::feed {

// What happens to one read-write transaction.
enum class TxFate {
  kCommits,
  kRollsBack,    // the work is done, then undone; the caller gets UNAVAILABLE
  kCommitsMute,  // the work is committed, and the caller gets UNAVAILABLE all the same
};

// Decorates a database; thread-safe when its functions are. Reads never fail.
class FaultyDatabase final : public sql::Database {
 public:
  // `on_end` is called after each transaction.
  FaultyDatabase(
      sql::Database& real, std::function<TxFate()> choose_fate,
      std::function<void()> on_end = [] {})
      : real_(real), choose_fate_(std::move(choose_fate)), on_end_(std::move(on_end)) {}

  absl::Status RunInTransaction(const sql::TxOptions& options, sql::TxCallback work) override {
    const TxFate fate = choose_fate_();
    const absl::Status lost = absl::UnavailableError("injected fault");
    const absl::Status status = real_.RunInTransaction(options, [&](sql::Tx& tx) {
      const absl::Status worked = work(tx);
      return worked.ok() && fate == TxFate::kRollsBack ? lost : worked;
    });
    on_end_();
    return status.ok() && fate == TxFate::kCommitsMute ? lost : status;
  }

  absl::Status RunReadOnly(const sql::TxOptions& options, sql::TxCallback work) override {
    return real_.RunReadOnly(options, work);
  }

  absl::Status Ping() override { return real_.Ping(); }
  sql::PoolLoad load() const override { return real_.load(); }

 private:
  sql::Database& real_;
  const std::function<TxFate()> choose_fate_;
  const std::function<void()> on_end_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FAULTY_DATABASE_H_
