#include "common/feed/event_applier.h"

#include <utility>

#include "common/feed/consumer_positions.h"
#include "common/feed/errors.h"
#include "common/feed/resume_token.h"
#include "common/sql/background_tx.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::Event;
using clientele::common::v1::WatchEventsResponse;

// What a message adds to what is applied already.
struct News {
  std::vector<Event> events;
  Positions to{};
};

// Takes the events behind `from` out of `message`; what was applied before (delivery is at least
// once) is left out, and nothing may be missing.
absl::StatusOr<News> TakeNews(absl::string_view source, const Positions& from,
                              WatchEventsResponse& message) {
  News news{.to = from};
  for (Event& event : *message.mutable_events()) {
    if (event.partition() < 0 || event.partition() >= kPartitionCount) {
      return FeedHole(event.partition(), event.position());
    }
    int64_t& position = news.to[event.partition()];
    if (event.position() > position + 1) {
      return FeedHole(event.partition(), position + 1);
    }
    if (event.position() == position + 1) {
      ++position;
      news.events.push_back(std::move(event));
    }
  }
  CLIENTELE_ASSIGN_OR_RETURN(const Positions promised,
                             DecodeResumeToken(source, message.next_resume_token()));
  for (int p = 0; p < kPartitionCount; ++p) {
    if (promised[p] > news.to[p]) {
      return FeedHole(p, news.to[p] + 1);
    }
  }
  return news;
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
      database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
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
  CLIENTELE_ASSIGN_OR_RETURN(const News news, TakeNews(source_, claim_->positions, message));
  const bool renew = lease_.IsDueForRenewal(claim_->grant);
  if (!renew && news.events.empty()) {
    return absl::OkStatus();
  }
  LeaseGrant grant = claim_->grant;
  const absl::Status status =
      database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        if (renew) {
          CLIENTELE_ASSIGN_OR_RETURN(grant, lease_.Renew(tx, claim_->grant.fence));
        }
        // The positions first: whoever has lost the fence ends before it does any work.
        CLIENTELE_RETURN_IF_ERROR(
            MoveConsumerPositions(tx, source_, claim_->positions, news.to, claim_->grant.fence));
        return news.events.empty() ? absl::OkStatus() : handler_.Apply(tx, news.events);
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  if (!news.events.empty()) {
    handler_.OnCommitted();
  }
  claim_ = Claim{.grant = grant, .positions = news.to};
  return absl::OkStatus();
}

absl::Status EventApplier::Release() {
  if (!claim_.has_value()) {
    return absl::OkStatus();
  }
  const int64_t fence = claim_->grant.fence;
  claim_.reset();
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [&](sql::Tx& tx) { return lease_.Release(tx, fence); });
}

}  // namespace clientele::feed
