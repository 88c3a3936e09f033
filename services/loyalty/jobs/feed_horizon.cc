#include "services/loyalty/jobs/feed_horizon.h"

#include <algorithm>
#include <utility>

#include "common/feed/consumer_positions.h"
#include "common/feed/event_converter.h"
#include "common/rpc/client.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"
#include "services/loyalty/jobs/purchase_consumer.h"
#include "services/loyalty/limits.h"

namespace clientele::loyalty {
namespace {

// What ends without anybody's doing; the consumer tells of it.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace

FeedHorizon::FeedHorizon(const std::shared_ptr<grpc::Channel>& profile, sql::Database& database,
                         const Clock& clock)
    : stub_(common::v1::EventService::NewStub(profile)), database_(database), clock_(clock) {}

absl::StatusOr<std::optional<FeedHorizon::Heads>> FeedHorizon::Ask() const {
  const absl::Time asked_time = clock_.Now();
  const absl::StatusOr<common::v1::FeedHead> head = rpc::CallUnary<common::v1::FeedHead>(
      rpc::NewCall(kFeedHeadTimeout),
      [this](grpc::ClientContext* context, common::v1::FeedHead* response) {
        return stub_->GetFeedHead(context, common::v1::GetFeedHeadRequest(), response);
      });
  if (IsPassing(head.status())) {
    return std::nullopt;
  }
  CLIENTELE_RETURN_IF_ERROR(head.status());
  if (head->outbox_count() > 0 && !head->has_outbox_record_time()) {
    return std::nullopt;  // a profile of the release before
  }
  Heads heads{.complete_until = asked_time};
  if (head->has_outbox_record_time()) {
    heads.complete_until = std::min(asked_time, FromTimestamp(head->outbox_record_time()));
  }
  heads.complete_until -= kRecordedLateMax;
  feed::UpdatePositionsFromProtos(head->heads(), heads.positions);
  return heads;
}

absl::StatusOr<std::optional<absl::Time>> FeedHorizon::Read() {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Heads> now, Ask());
  const std::optional<Heads> earlier = now.has_value() ? std::exchange(earlier_, now) : earlier_;
  CLIENTELE_ASSIGN_OR_RETURN(const feed::Positions applied,
                             sql::ReadIn(database_, sql::BackgroundTx(), [](sql::Tx& tx) {
                               return feed::ReadConsumerPositions(tx, kProfileFeed);
                             }));
  for (const std::optional<Heads>& heads : {now, earlier}) {
    if (heads.has_value() && feed::HasReached(applied, heads->positions, feed::AllPartitions())) {
      return heads->complete_until;
    }
  }
  return std::nullopt;
}

}  // namespace clientele::loyalty
