#ifndef SERVICES_SEGMENTATION_TESTING_HOOKED_DATABASE_H_
#define SERVICES_SEGMENTATION_TESTING_HOOKED_DATABASE_H_

// For tests only: a database that calls back before each transaction.

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "common/sql/database.h"

namespace clientele::segmentation {

// Thread-safe when its hook is.
class HookedDatabase final : public sql::Database {
 public:
  // What `before` returns, when it is not OK, becomes the outcome instead of the transaction.
  HookedDatabase(sql::Database& real, std::function<absl::Status()> before)
      : real_(real), before_(std::move(before)) {}

  absl::Status RunInTransaction(const sql::TxOptions& options, sql::TxCallback work) override {
    const absl::Status status = before_();
    return status.ok() ? real_.RunInTransaction(options, work) : status;
  }
  absl::Status RunReadOnly(const sql::TxOptions& options, sql::TxCallback work) override {
    const absl::Status status = before_();
    return status.ok() ? real_.RunReadOnly(options, work) : status;
  }
  absl::Status Ping() override { return real_.Ping(); }
  sql::PoolLoad load() const override { return real_.load(); }

 private:
  sql::Database& real_;
  const std::function<absl::Status()> before_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_HOOKED_DATABASE_H_
