#include "common/feed/event_applier.h"

#include <iterator>
#include <utility>

#include "common/feed/consumer_positions.h"
#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/feed/resume_token.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::Event;
using clientele::common::v1::WatchEventsResponse;

sql::TxOptions BackgroundTx() { return {.deadline = absl::Now() + kBackgroundTxWaitMax}; }

// Where the message leads from `from`, if it leaves nothing out.
absl::StatusOr<Positions> CheckDense(absl::string_view source, const Positions& from,
                                     const WatchEventsResponse& message) {
  Positions to = from;
  for (const Event& event : message.events()) {
    if (event.partition() < 0 || event.partition() >= kPartitionCount) {
      return FeedHole(event.partition(), event.position());
    }
    int64_t& position = to[event.partition()];
    if (event.position() != position + 1) {
      return FeedHole(event.partition(), position + 1);
    }
    position = event.position();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const Positions claimed,
                             DecodeResumeToken(source, message.next_resume_token()));
  for (int p = 0; p < kPartitionCount; ++p) {
    if (claimed[p] != to[p]) {
      return FeedHole(p, to[p] + 1);
    }
  }
  return to;
}

}  // namespace

EventApplier::EventApplier(std::string source, Lease lease, sql::Database& database,
                           EventHandler& handler)
    : source_(std::move(source)),
      lease_(std::move(lease)),
      database_(database),
      handler_(handler) {}

absl::StatusOr<bool> EventApplier::Begin() {
  if (claim_.has_value()) {
    return true;
  }
  std::optional<Claim> taken;
  const absl::Status status =
      database_.RunInTransaction(BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        taken.reset();
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<LeaseGrant> grant, lease_.Acquire(tx));
        if (grant.has_value()) {
          Claim claim{.grant = *grant};
          CLIENTELE_ASSIGN_OR_RETURN(claim.positions,
                                     ClaimConsumerPositions(tx, source_, grant->fence));
          taken = claim;
        }
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  claim_ = taken;
  return claim_.has_value();
}

absl::Status EventApplier::Apply(WatchEventsResponse& message) {
  CLIENTELE_CHECK(claim_.has_value());
  absl::Status status = ApplyChecked(message);
  if (!status.ok()) {
    claim_.reset();  // the commit may have happened all the same
  }
  return status;
}

absl::Status EventApplier::ApplyChecked(WatchEventsResponse& message) {
  CLIENTELE_ASSIGN_OR_RETURN(const Positions to, CheckDense(source_, claim_->positions, message));
  const bool renew = lease_.IsDueForRenewal(claim_->grant);
  if (!renew && to == claim_->positions) {
    return absl::OkStatus();
  }
  const std::vector<Event> events(std::make_move_iterator(message.mutable_events()->begin()),
                                  std::make_move_iterator(message.mutable_events()->end()));
  LeaseGrant grant = claim_->grant;
  const absl::Status status =
      database_.RunInTransaction(BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        if (renew) {
          CLIENTELE_ASSIGN_OR_RETURN(grant, lease_.Renew(tx, claim_->grant.fence));
        }
        // The positions first: whoever has lost the fence ends before it does any work.
        CLIENTELE_RETURN_IF_ERROR(
            MoveConsumerPositions(tx, source_, claim_->positions, to, claim_->grant.fence));
        return events.empty() ? absl::OkStatus() : handler_.Apply(tx, events);
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  claim_ = Claim{.grant = grant, .positions = to};
  return absl::OkStatus();
}

absl::Status EventApplier::Release() {
  if (!claim_.has_value()) {
    return absl::OkStatus();
  }
  const int64_t fence = claim_->grant.fence;
  claim_.reset();
  return database_.RunInTransaction(BackgroundTx(),
                                    [&](sql::Tx& tx) { return lease_.Release(tx, fence); });
}

}  // namespace clientele::feed
