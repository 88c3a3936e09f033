#ifndef SERVICES_COMPLAINTS_API_CONVERTERS_COMPLAINT_PROTO_H_
#define SERVICES_COMPLAINTS_API_CONVERTERS_COMPLAINT_PROTO_H_

// Complaints, timelines and explanations as messages. Pure functions.

#include "clientele/common/v1/explanation.pb.h"
#include "clientele/complaints/v1/complaint.pb.h"
#include "clientele/complaints/v1/timeline.pb.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/timeline.h"

namespace clientele::complaints {

v1::Complaint ToComplaintProto(const Complaint& complaint);

v1::TimelineEntry ToTimelineEntryProto(const TimelineEntry& entry);

// Why the complaint has its priority: the three keys, where each comes from, and what would make it
// more urgent.
common::v1::Explanation ToPriorityExplanation(const Complaint& complaint);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_CONVERTERS_COMPLAINT_PROTO_H_
