#ifndef SERVICES_PROFILE_API_CONVERTERS_EVENT_PROTO_H_
#define SERVICES_PROFILE_API_CONVERTERS_EVENT_PROTO_H_

// Domain events as rows of the outbox.

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/feed/event_record.h"
#include "common/ids/uuid.h"
#include "services/profile/domain/event.h"

namespace clientele::profile {

inline constexpr absl::string_view kCustomerCreatedType = "clientele.profile.customer.created.v1";
inline constexpr absl::string_view kCustomerUpdatedType = "clientele.profile.customer.updated.v1";
inline constexpr absl::string_view kFactChangedType = "clientele.profile.fact.changed.v1";
inline constexpr absl::string_view kPurchaseRecordedType = "clientele.profile.purchase.recorded.v1";
inline constexpr absl::string_view kPurchaseRefundedType = "clientele.profile.purchase.refunded.v1";
inline constexpr absl::string_view kPurchaseCancelledType =
    "clientele.profile.purchase.cancelled.v1";

// Every event type of profile's feed.
inline constexpr absl::string_view kEventTypes[] = {
    kCustomerCreatedType,  kCustomerUpdatedType,  kFactChangedType,
    kPurchaseRecordedType, kPurchaseRefundedType, kPurchaseCancelledType,
};

// Keeps the order of `events`; takes an id for each from `ids`.
std::vector<feed::OutboxEvent> ToOutboxEvents(absl::Span<const Event> events,
                                              absl::Time record_time, UuidV7Generator& ids);

// An event that an export tells again, with the id of ExportedEventId.
feed::OutboxEvent ToExportedEvent(const Event& event, absl::Time record_time);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_EVENT_PROTO_H_
