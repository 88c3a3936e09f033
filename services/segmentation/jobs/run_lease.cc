#include "services/segmentation/jobs/run_lease.h"

#include <utility>

#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

constexpr char kLeaseName[] = "rfm_runs";

// How long a process that died keeps its run from the others.
constexpr absl::Duration kLeaseTtl = absl::Seconds(10);
// Often enough that one renewal may fail.
constexpr absl::Duration kRenewInterval = absl::Milliseconds(2500);

}  // namespace

RunLease::RunLease(sql::Database& database, std::string holder, const Clock& clock)
    : database_(database), lease_(kLeaseName, std::move(holder), kLeaseTtl, clock) {}

absl::StatusOr<bool> RunLease::Take() {
  CLIENTELE_CHECK(!fence_.has_value());
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<feed::LeaseGrant> grant,
                             sql::WriteIn(database_, sql::BackgroundTx(),
                                          [&](sql::Tx& tx) { return lease_.Acquire(tx); }));
  if (!grant.has_value()) {
    return false;
  }
  fence_ = grant->fence;
  keeper_.emplace(kRenewInterval, [this] {
    // When it fails, the next write of the run learns it.
    database_.RunInTransaction(sql::BackgroundTx(), [this](sql::Tx& tx) { return Renew(tx); })
        .IgnoreError();
  });
  return true;
}

void RunLease::GiveBack() {
  keeper_.reset();
  if (!fence_.has_value()) {
    return;
  }
  // When it fails, the lease expires by itself.
  database_
      .RunInTransaction(sql::BackgroundTx(),
                        [this](sql::Tx& tx) { return lease_.Release(tx, *fence_); })
      .IgnoreError();
  fence_.reset();
}

absl::Status RunLease::Write(sql::TxCallback work) {
  return database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(Renew(tx));
    return work(tx);
  });
}

}  // namespace clientele::segmentation
