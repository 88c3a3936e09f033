#include "services/loyalty/api/converters/event_proto.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clientele/loyalty/v1/events.pb.h"
#include "common/handler/event_content.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::loyalty {
namespace {

// What every points event has.
template <typename Message>
Message PointsMessage(const PointsPosted& posted, int64_t points) {
  Message proto;
  proto.set_transaction_id(posted.transaction_id);
  proto.set_points(points);
  proto.set_balance_after(posted.balance_after);
  return proto;
}

EventContent OfEarned(const PointsPosted& posted, std::string subject) {
  auto proto = PointsMessage<v1::PointsEarned>(posted, posted.signed_points);
  proto.set_purchase_id(posted.purchase_id.value());
  if (posted.expire_time.has_value()) {
    *proto.mutable_expire_time() = ToTimestamp(*posted.expire_time);
  }
  return MakeEventContent(kPointsEarnedType, std::move(subject), proto);
}

EventContent OfReversed(const PointsPosted& posted, std::string subject) {
  auto proto = PointsMessage<v1::PointsReversed>(posted, posted.signed_points);
  proto.set_purchase_id(posted.purchase_id.value());
  proto.set_original_transaction_id(posted.original_transaction_id);
  proto.set_reason(posted.reason);
  return MakeEventContent(kPointsReversedType, std::move(subject), proto);
}

EventContent OfExpired(const PointsPosted& posted, std::string subject) {
  auto proto = PointsMessage<v1::PointsExpired>(posted, -posted.signed_points);
  proto.set_lot_id(posted.lot_id);
  return MakeEventContent(kPointsExpiredType, std::move(subject), proto);
}

// Turns the body of an event about `customer_id` into its content.
struct ContentMaker {
  const CustomerId& customer_id;

  EventContent operator()(const PointsPosted& posted) const {
    std::string subject = absl::StrCat("entry/", posted.transaction_id);
    switch (posted.kind) {
      case EntryKind::kEarn:
        return OfEarned(posted, std::move(subject));
      case EntryKind::kExpire:
        return OfExpired(posted, std::move(subject));
      case EntryKind::kReverse:
        return OfReversed(posted, std::move(subject));
      case EntryKind::kRedeem: {
        auto proto = PointsMessage<v1::PointsRedeemed>(posted, -posted.signed_points);
        proto.set_reason(posted.reason);
        return MakeEventContent(kPointsRedeemedType, std::move(subject), proto);
      }
      case EntryKind::kAdjust:
        break;
    }
    auto proto = PointsMessage<v1::PointsAdjusted>(posted, posted.signed_points);
    proto.set_reason(posted.reason);
    return MakeEventContent(kPointsAdjustedType, std::move(subject), proto);
  }

  EventContent operator()(const TierChanged& changed) const {
    v1::TierChanged proto;
    proto.set_previous_tier(changed.previous_tier);
    proto.set_tier(changed.tier);
    proto.set_rank(changed.rank);
    proto.set_reason(static_cast<v1::TierChangeReason>(changed.reason));
    if (changed.valid_until.has_value()) {
      *proto.mutable_valid_until_time() = ToTimestamp(*changed.valid_until);
    }
    return MakeEventContent(kTierChangedType, absl::StrCat("member/", customer_id.value()), proto);
  }
};

}  // namespace

void AppendOutboxEvents(absl::Span<const Event> events, std::vector<feed::OutboxEvent>& rows) {
  for (const Event& event : events) {
    CLIENTELE_CHECK(!event.id.empty());
    rows.push_back(MakeOutboxEvent(event, std::visit(ContentMaker{event.customer_id}, event.body),
                                   event.id, event.record_time));
  }
}

feed::OutboxEvent ToExportedEvent(const Event& event) {
  EventContent content = std::visit(ContentMaker{event.customer_id}, event.body);
  std::string id = ExportedEventId(content, absl::StrCat(event.feed_seq));
  return MakeOutboxEvent(event, std::move(content), std::move(id), event.record_time);
}

}  // namespace clientele::loyalty
