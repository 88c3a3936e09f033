#ifndef COMMON_SQL_TESTING_LOST_COMMITS_H_
#define COMMON_SQL_TESTING_LOST_COMMITS_H_

// A database whose connection is lost at a commit.

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "common/sql/database.h"
#include "common/sql/errors.h"

namespace clientele::sql {

// Decorates a database; used by one thread at a time.
class LostCommits final : public Database {
 public:
  // What became of the transaction whose connection was lost.
  enum class Fate { kCommitted, kRolledBack };

  explicit LostCommits(std::unique_ptr<Database> real) : real_(std::move(real)) {}

  // The next `count` commits are lost.
  void LoseNext(int count, Fate fate) {
    left_ = count;
    fate_ = fate;
  }

  absl::Status RunInTransaction(const TxOptions& options, TxCallback work) override {
    if (left_ == 0) {
      return real_->RunInTransaction(options, work);
    }
    --left_;
    const absl::Status lost = OutcomeUnknown("the test cut the connection");
    const absl::Status status = real_->RunInTransaction(options, [&](Tx& tx) {
      const absl::Status worked = work(tx);
      return worked.ok() && fate_ == Fate::kRolledBack ? lost : worked;
    });
    return status.ok() ? lost : status;
  }
  absl::Status RunReadOnly(const TxOptions& options, TxCallback work) override {
    return real_->RunReadOnly(options, work);
  }
  absl::Status Ping() override { return real_->Ping(); }
  PoolLoad load() const override { return real_->load(); }

 private:
  const std::unique_ptr<Database> real_;
  int left_ = 0;
  Fate fate_ = Fate::kCommitted;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_LOST_COMMITS_H_
