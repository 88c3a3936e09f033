#ifndef SERVICES_COMPLAINTS_API_CONVERTERS_EVENT_PROTO_H_
#define SERVICES_COMPLAINTS_API_CONVERTERS_EVENT_PROTO_H_

// Domain events as rows of the outbox.

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/feed/event_record.h"
#include "common/ids/uuid.h"
#include "services/complaints/domain/event.h"

namespace clientele::complaints {

inline constexpr absl::string_view kComplaintFiledType = "clientele.complaints.complaint.filed.v1";
inline constexpr absl::string_view kComplaintStateChangedType =
    "clientele.complaints.complaint.state_changed.v1";
inline constexpr absl::string_view kComplaintPriorityChangedType =
    "clientele.complaints.complaint.priority_changed.v1";
inline constexpr absl::string_view kRemedyStateChangedType =
    "clientele.complaints.remedy.state_changed.v1";

// Every event type of complaints' feed.
inline constexpr absl::string_view kEventTypes[] = {kComplaintFiledType, kComplaintStateChangedType,
                                                    kComplaintPriorityChangedType,
                                                    kRemedyStateChangedType};

// Keeps the order of `events`; takes an id for each from `ids`.
std::vector<feed::OutboxEvent> ToOutboxEvents(absl::Span<const Event> events,
                                              absl::Time record_time, UuidV7Generator& ids);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_CONVERTERS_EVENT_PROTO_H_
