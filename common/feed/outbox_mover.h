#ifndef COMMON_FEED_OUTBOX_MOVER_H_
#define COMMON_FEED_OUTBOX_MOVER_H_

// Gives committed events their place in the feed: the sequencer without its thread.
//
// At most one mover changes a feed at a time: each batch moves feed_head under the mover's fence,
// and a batch that has lost the fence changes nothing.
// Thread safety: used by one thread at a time. `database` and `clock` must outlive it.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/lease.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// What one call of Move did.
struct MoveResult {
  bool is_holder = false;   // false: another process moves this feed
  int64_t moved_count = 0;  // events that got a position
  bool has_more = false;    // worth calling again at once
};

class OutboxMover {
 public:
  // `holder` and `lease_ttl` as of Lease; `batch_max`: 1..kSequencerBatchMax events a transaction.
  OutboxMover(sql::Database& database, const Clock& clock, std::string holder,
              absl::Duration lease_ttl, int batch_max);

  // Moves one batch in one transaction, taking or renewing the lease when it has to. A customer's
  // events get positions in the order of their feed_seq, also across batches. After any error the
  // next call takes the lease anew and reads the heads again.
  absl::StatusOr<MoveResult> Move();

  // Whether there is anything to move. Read only.
  absl::StatusOr<bool> HasWork();

  // The heads as committed now. Read only.
  absl::StatusOr<Positions> Heads();

  // Gives the lease back, for a clean stop; holding none is fine.
  absl::Status Release();

 private:
  // The lease and what it protects: nobody else moves the heads under this fence, so they need no
  // reading per batch.
  struct Claim {
    LeaseGrant grant;
    Positions heads{};
  };

  absl::StatusOr<std::optional<Claim>> TakeClaim(sql::Tx& tx) const;
  absl::Status MoveBatch(sql::Tx& tx, Claim& claim, MoveResult& result, std::string& cursor) const;

  sql::Database& database_;
  const Lease lease_;
  const int batch_max_;
  std::optional<Claim> claim_;
  std::string cursor_;  // the customer to begin the next batch behind, so that none starves
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_OUTBOX_MOVER_H_
