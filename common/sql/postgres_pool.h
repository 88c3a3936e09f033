#ifndef COMMON_SQL_POSTGRES_POOL_H_
#define COMMON_SQL_POSTGRES_POOL_H_

// A bounded number of connections to one PostgreSQL database, and how they are made again.
//
// Thread-safe.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/slot_queue.h"
#include "common/sql/connection_turn.h"
#include "common/sql/database.h"
#include "common/sql/postgres_connection.h"
#include "common/sql/postgres_target.h"

namespace clientele::sql {

class PostgresPool {
 public:
  // `connect_timeout` bounds one attempt to connect.
  PostgresPool(PostgresTarget target, int connections_max, absl::Duration connect_timeout);

  // Makes the first connection; the error is a sentence for the operator.
  absl::Status Start();

  // Waits for a connection's turn; it need not be connected. Errors as AwaitConnection's.
  absl::StatusOr<SlotQueue::Lease> Take(absl::Time deadline) {
    return AwaitConnection(queue_, deadline);
  }

  // The connection of a slot in a transaction that has just begun: the one it has, or when the
  // server has ended that meanwhile, a new one. UNAVAILABLE DATABASE_UNAVAILABLE when the server
  // cannot be reached, also after several attempts within kReconnectWindow; DEADLINE_EXCEEDED.
  absl::StatusOr<PostgresConnection*> Begin(const SlotQueue::Lease& lease, PostgresAccess access,
                                            const TxOptions& options);

  // Ends what is open on the slot's connection, and drops it when it cannot be used again.
  void Finish(const SlotQueue::Lease& lease);

  PoolLoad load() const;
  const PostgresTarget& target() const { return target_; }

 private:
  absl::Status Connect(int slot, absl::Time deadline);
  absl::Status ConnectPatiently(int slot, absl::Time deadline);

  const PostgresTarget target_;
  const absl::Duration connect_timeout_;
  SlotQueue queue_;
  // By slot; null until it is needed, and after its connection was lost.
  std::vector<std::unique_ptr<PostgresConnection>> connections_;
  std::atomic<bool> is_server_away_ = false;  // the last attempt to connect failed
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_POOL_H_
