#include "common/sql/postgres_pool.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// More callers than any executor of ours has threads: who finds this many before it would wait for
// seconds, and is better told so at once.
constexpr int kWaitersMax = 1024;

// A server that restarts is back within it often enough to try on; who calls while it is known to
// be away longer gets one attempt.
constexpr absl::Duration kReconnectWindow = absl::Seconds(1);
constexpr absl::Duration kBackoffMin = absl::Milliseconds(20);
constexpr absl::Duration kBackoffMax = absl::Milliseconds(200);

// Why a connection was not made.
std::string CauseOf(const absl::Status& status) {
  const std::string log_detail = GetLogDetail(status);
  return log_detail.empty() ? std::string(status.message()) : log_detail;
}

}  // namespace

PostgresPool::PostgresPool(PostgresTarget target, int connections_max,
                           absl::Duration connect_timeout)
    : target_(std::move(target)),
      connect_timeout_(connect_timeout),
      queue_(connections_max, kWaitersMax),
      connections_(connections_max) {}

absl::Status PostgresPool::Start() {
  CLIENTELE_ASSIGN_OR_RETURN(const SlotQueue::Lease lease, Take(absl::InfiniteFuture()));
  const absl::Status status = Connect(lease.slot(), absl::Now() + connect_timeout_);
  const bool is_sentence = status.ok() || absl::IsFailedPrecondition(status);
  return is_sentence ? status : DatabaseNotOpened(target_.place(), CauseOf(status));
}

absl::StatusOr<PostgresConnection*> PostgresPool::Begin(const SlotQueue::Lease& lease,
                                                        PostgresAccess access,
                                                        const TxOptions& options) {
  std::unique_ptr<PostgresConnection>& connection = connections_[lease.slot()];
  if (connection != nullptr) {
    const absl::Status begun = connection->Begin(access, options);
    if (begun.ok()) {
      return connection.get();
    }
    if (!absl::IsUnavailable(begun)) {
      return begun;
    }
    connection.reset();  // nothing was done on it yet, so another one is as good
  }
  CLIENTELE_RETURN_IF_ERROR(ConnectPatiently(lease.slot(), options.deadline));
  CLIENTELE_RETURN_IF_ERROR(connection->Begin(access, options));
  return connection.get();
}

absl::Status PostgresPool::ConnectPatiently(int slot, absl::Time deadline) {
  const absl::Time end = absl::Now() + (is_server_away_ ? absl::ZeroDuration() : kReconnectWindow);
  for (absl::Duration backoff = kBackoffMin;; backoff = std::min(2 * backoff, kBackoffMax)) {
    absl::Status status = Connect(slot, std::min(deadline, absl::Now() + connect_timeout_));
    is_server_away_ = !status.ok();
    if (status.ok()) {
      return status;
    }
    const absl::Time next = absl::Now() + backoff;
    if (next >= deadline) {
      return DatabaseDeadlineExceeded();
    }
    if (next >= end) {
      return DatabaseUnavailable(CauseOf(status));
    }
    absl::SleepFor(backoff);
  }
}

absl::Status PostgresPool::Connect(int slot, absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(connections_[slot], PostgresConnection::Open(target_, deadline));
  return absl::OkStatus();
}

void PostgresPool::Finish(const SlotQueue::Lease& lease) {
  std::unique_ptr<PostgresConnection>& connection = connections_[lease.slot()];
  if (connection == nullptr) {
    return;
  }
  connection->Rollback();
  if (!connection->is_usable()) {
    connection.reset();
  }
}

PoolLoad PostgresPool::load() const {
  return {.connections_max = queue_.slot_count(),
          .writers_max = queue_.slot_count(),
          .in_use_count = queue_.in_use_count(),
          .waiting_count = queue_.waiter_count()};
}

}  // namespace clientele::sql
