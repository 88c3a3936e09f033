#include "common/sql/postgres_database.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_pool.h"
#include "common/sql/postgres_tx.h"
#include "common/sql/retry.h"
#include "common/sql/statement_timer.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr absl::Duration kPingTimeout = absl::Seconds(2);

// 1 = it takes no writes: a replica, or a server set to read only.
constexpr Statement kPing = {
    "Ping",
    "SELECT CAST(CASE WHEN pg_is_in_recovery() OR current_setting('default_transaction_read_only') "
    "= 'on' THEN 1 ELSE 0 END AS BIGINT)"};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(PostgresTarget target, const PostgresOptions& options)
      : observer_(options.observer),
        pool_(std::move(target), options.connections_max, options.connect_timeout) {}

  absl::Status Start() { return pool_.Start(); }

  absl::Status RunInTransaction(const TxOptions& options, TxCallback work) override {
    return Run(PostgresAccess::kReadWrite, options, work);
  }

  absl::Status RunReadOnly(const TxOptions& options, TxCallback work) override {
    return Run(PostgresAccess::kReadOnly, options, work);
  }

  absl::Status Ping() override {
    return RunReadOnly({.deadline = absl::Now() + kPingTimeout}, [](Tx& tx) {
      return tx.Query(kPing, {}, [](const Row& row) {
        return row.Int64(0) == 0 ? absl::OkStatus() : DatabaseReadOnly("found by a ping");
      });
    });
  }

  PoolLoad load() const override { return pool_.load(); }

 private:
  absl::Status Run(PostgresAccess access, const TxOptions& options, TxCallback work) {
    CLIENTELE_ASSIGN_OR_RETURN(const SlotQueue::Lease lease, Wait(options.deadline));
    return RetryOnConflict([&] {
      absl::Status status = RunOnce(lease, access, options, work);
      pool_.Finish(lease);
      return status;
    });
  }

  absl::StatusOr<SlotQueue::Lease> Wait(absl::Time deadline) {
    const StatementTimer timer(observer_, kWaitForConnectionName);
    return pool_.Take(deadline);
  }

  absl::Status RunOnce(const SlotQueue::Lease& lease, PostgresAccess access,
                       const TxOptions& options, TxCallback work) {
    CLIENTELE_ASSIGN_OR_RETURN(PostgresConnection* const connection,
                               pool_.Begin(lease, access, options));
    PostgresTx tx(*connection, observer_, pool_.target().schema());
    CLIENTELE_RETURN_IF_ERROR(work(tx));
    CLIENTELE_RETURN_IF_ERROR(tx.first_error());
    if (access == PostgresAccess::kReadOnly) {
      return absl::OkStatus();  // what was read is read, whatever becomes of the connection
    }
    const StatementTimer timer(observer_, kCommitName);
    return connection->Commit();
  }

  const StatementObserver observer_;
  PostgresPool pool_;
};

absl::StatusOr<PostgresTarget> TargetOf(const PostgresOptions& options) {
  return PostgresTarget::Parse(options.dsn,
                               {.file = options.password_file, .source = options.password_source},
                               options.schema, options.application_name);
}

}  // namespace

absl::Status CheckPostgresOptions(const PostgresOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(const PostgresTarget target, TargetOf(options));
  return target.ConnectParameters().status();
}

absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options) {
  CLIENTELE_CHECK(options.connections_max >= 1 &&
                  options.connections_max <= kPostgresConnectionsMax);
  CLIENTELE_ASSIGN_OR_RETURN(PostgresTarget target, TargetOf(options));
  auto database = std::make_unique<PostgresDatabase>(std::move(target), options);
  CLIENTELE_RETURN_IF_ERROR(database->Start());
  return database;
}

bool IsForbiddenToRole(const absl::Status& status) {
  // It is no error that a server knows how to answer, so PostgresError keeps the code in the log
  // detail alone.
  return absl::IsInternal(status) && absl::StrContains(GetLogDetail(status), "postgres 42501: ");
}

}  // namespace clientele::sql
