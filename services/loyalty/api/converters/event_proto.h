#ifndef SERVICES_LOYALTY_API_CONVERTERS_EVENT_PROTO_H_
#define SERVICES_LOYALTY_API_CONVERTERS_EVENT_PROTO_H_

// Domain events as rows of the outbox.

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/feed/event_record.h"
#include "services/loyalty/domain/event.h"

namespace clientele::loyalty {

inline constexpr absl::string_view kPointsEarnedType = "clientele.loyalty.points.earned.v1";
inline constexpr absl::string_view kPointsRedeemedType = "clientele.loyalty.points.redeemed.v1";
inline constexpr absl::string_view kPointsAdjustedType = "clientele.loyalty.points.adjusted.v1";
inline constexpr absl::string_view kPointsExpiredType = "clientele.loyalty.points.expired.v1";
inline constexpr absl::string_view kPointsReversedType = "clientele.loyalty.points.reversed.v1";
inline constexpr absl::string_view kTierChangedType = "clientele.loyalty.tier.changed.v1";

// Every event type of loyalty's feed.
inline constexpr absl::string_view kEventTypes[] = {
    kPointsEarnedType,  kPointsRedeemedType, kPointsAdjustedType,
    kPointsExpiredType, kPointsReversedType, kTierChangedType,
};

// Appends `events`, which have their ids, to `rows` in their order.
void AppendOutboxEvents(absl::Span<const Event> events, std::vector<feed::OutboxEvent>& rows);

// An event that an export tells again, with the id of ExportedEventId: one of a present state, so
// that its feed_seq tells it from others.
feed::OutboxEvent ToExportedEvent(const Event& event);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_CONVERTERS_EVENT_PROTO_H_
