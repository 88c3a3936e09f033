#include "common/feed/outbox_mover.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/feed/errors.h"
#include "common/feed/event_record.h"
#include "common/feed/feed_reader.h"
#include "common/feed/limits.h"
#include "common/feed/sql.h"
#include "common/sql/background_tx.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

constexpr char kLeaseName[] = "sequencer";

// What came out of the outbox, ordered by customer and feed_seq.
struct Taken {
  std::vector<OutboxEvent> events;
  std::string last_customer_id;  // where the outbox was left
};

absl::Status TakeBehind(sql::Tx& tx, absl::string_view cursor, size_t batch_max, Taken& taken) {
  const size_t count_max = batch_max - taken.events.size();
  taken.last_customer_id.clear();
  int64_t last_feed_seq = 0;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kFindOutboxEnd, {cursor, static_cast<int64_t>(count_max)}, [&](const sql::Row& row) {
        taken.last_customer_id = std::string(row.Text(0));
        last_feed_seq = row.Int64(1);
        return absl::OkStatus();
      }));
  if (taken.last_customer_id.empty()) {
    return absl::OkStatus();
  }
  return tx.Query(kTakeFromOutbox,
                  {cursor, absl::string_view(taken.last_customer_id), last_feed_seq},
                  [&](const sql::Row& row) {
                    taken.events.push_back(OutboxEventFromRow(row));
                    return absl::OkStatus();
                  });
}

// Takes `batch_max` events, and those few that were written among them meanwhile, oldest first
// within each customer: those of the customers behind `cursor`, then from the start again.
absl::StatusOr<Taken> TakeFromOutbox(sql::Tx& tx, const std::string& cursor, size_t batch_max) {
  Taken taken;
  CLIENTELE_RETURN_IF_ERROR(TakeBehind(tx, cursor, batch_max, taken));
  if (taken.events.size() < batch_max && !cursor.empty()) {
    CLIENTELE_RETURN_IF_ERROR(TakeBehind(tx, "", batch_max, taken));
  }
  std::sort(taken.events.begin(), taken.events.end(),
            [](const OutboxEvent& a, const OutboxEvent& b) {
              return std::tie(a.customer_id, a.feed_seq) < std::tie(b.customer_id, b.feed_seq);
            });
  return taken;
}

// Gives each event the next position of its partition; `heads` move on.
std::vector<int64_t> NumberEvents(const std::vector<OutboxEvent>& events, Positions& heads) {
  std::vector<int64_t> positions;
  positions.reserve(events.size());
  for (const OutboxEvent& event : events) {
    positions.push_back(++heads[PartitionOf(event.customer_id)]);
  }
  return positions;
}

absl::Status InsertIntoFeed(sql::Tx& tx, const std::vector<OutboxEvent>& events,
                            const std::vector<int64_t>& positions) {
  std::vector<std::vector<sql::Param>> batch(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    batch[i] = {int64_t{PartitionOf(events[i].customer_id)}, positions[i]};
    AppendEventParams(events[i], batch[i]);
  }
  return tx.ExecuteBatch(kInsertFeed, batch).status();
}

// Stores the heads that changed, if the fence still stands.
absl::Status MoveHeads(sql::Tx& tx, const Positions& old_heads, const Positions& heads,
                       int64_t fence) {
  std::vector<std::vector<sql::Param>> batch;
  for (int p = 0; p < kPartitionCount; ++p) {
    if (heads[p] != old_heads[p]) {
      batch.push_back({heads[p], int64_t{p}, fence});
    }
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t changed, tx.ExecuteBatch(kMoveHead, batch));
  if (changed != static_cast<int64_t>(batch.size())) {
    return FenceLost(kLeaseName);
  }
  return absl::OkStatus();
}

}  // namespace

OutboxMover::OutboxMover(sql::Database& database, const Clock& clock, std::string holder,
                         absl::Duration lease_ttl, int batch_max)
    : database_(database),
      lease_(kLeaseName, std::move(holder), lease_ttl, clock),
      batch_max_(batch_max) {
  CLIENTELE_CHECK(batch_max_ >= 1 && batch_max_ <= kSequencerBatchMax);
}

absl::StatusOr<std::optional<OutboxMover::Claim>> OutboxMover::TakeClaim(sql::Tx& tx) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<LeaseGrant> grant, lease_.Acquire(tx));
  if (!grant.has_value()) {
    return std::nullopt;
  }
  Claim claim{.grant = *grant};
  int claimed_count = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kClaimHeads, {grant->fence}, [&](const sql::Row& row) {
    claim.heads.at(row.Int64(0)) = row.Int64(1);
    ++claimed_count;
    return absl::OkStatus();
  }));
  if (claimed_count != kPartitionCount) {
    return FenceLost(kLeaseName);
  }
  return claim;
}

absl::Status OutboxMover::MoveBatch(sql::Tx& tx, Claim& claim, MoveResult& result,
                                    std::string& cursor) const {
  // 1. Stay the holder, in the transaction that needs it.
  if (lease_.IsDueForRenewal(claim.grant)) {
    CLIENTELE_ASSIGN_OR_RETURN(claim.grant, lease_.Renew(tx, claim.grant.fence));
  }
  // 2. What comes out of the outbox goes into the feed, no more and no less. The heads first: a
  // mover without the fence ends there, before it collides with positions given out by another.
  CLIENTELE_ASSIGN_OR_RETURN(Taken taken, TakeFromOutbox(tx, cursor, batch_max_));
  if (!taken.events.empty()) {
    const Positions old_heads = claim.heads;
    const std::vector<int64_t> positions = NumberEvents(taken.events, claim.heads);
    CLIENTELE_RETURN_IF_ERROR(MoveHeads(tx, old_heads, claim.heads, claim.grant.fence));
    CLIENTELE_RETURN_IF_ERROR(InsertIntoFeed(tx, taken.events, positions));
  }
  // 3. Go on behind the last customer, or from the start when the outbox is empty.
  const auto moved_count = static_cast<int64_t>(taken.events.size());
  const bool is_full = moved_count >= batch_max_;
  cursor = is_full ? std::move(taken.last_customer_id) : "";
  result = {.is_holder = true, .moved_count = moved_count, .has_more = is_full};
  return absl::OkStatus();
}

absl::StatusOr<MoveResult> OutboxMover::Move() {
  if (!claim_.has_value()) {
    std::optional<Claim> taken;
    const absl::Status status =
        database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
          CLIENTELE_ASSIGN_OR_RETURN(taken, TakeClaim(tx));
          return absl::OkStatus();
        });
    CLIENTELE_RETURN_IF_ERROR(status);
    if (!taken.has_value()) {
      return MoveResult{};
    }
    claim_ = taken;
  }
  MoveResult result;
  Claim claim;
  std::string cursor;
  const absl::Status status = database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) {
    claim = *claim_;
    cursor = cursor_;
    return MoveBatch(tx, claim, result, cursor);
  });
  if (!status.ok()) {
    claim_.reset();  // the commit may have happened all the same: believe nothing
    return status;
  }
  claim_ = claim;
  cursor_ = std::move(cursor);
  return result;
}

absl::StatusOr<bool> OutboxMover::HasWork() {
  bool has_work = false;
  const absl::Status status = database_.RunReadOnly(sql::BackgroundTx(), [&](sql::Tx& tx) {
    return tx.Query(kProbeOutbox, {}, [&](const sql::Row&) {
      has_work = true;
      return absl::OkStatus();
    });
  });
  CLIENTELE_RETURN_IF_ERROR(status);
  return has_work;
}

absl::StatusOr<Positions> OutboxMover::Heads() {
  Positions heads{};
  const absl::Status status =
      database_.RunReadOnly(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(heads, ReadHeads(tx));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  return heads;
}

absl::Status OutboxMover::Release() {
  if (!claim_.has_value()) {
    return absl::OkStatus();
  }
  const int64_t fence = claim_->grant.fence;
  claim_.reset();
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [&](sql::Tx& tx) { return lease_.Release(tx, fence); });
}

}  // namespace clientele::feed
