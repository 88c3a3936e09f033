#include "services/complaints/api/converters/complaint_proto.h"

#include <string>

#include "common/ids/etag.h"
#include "common/time/time_proto.h"

namespace clientele::complaints {
namespace {

v1::Remedy ToRemedyProto(const Remedy& remedy) {
  v1::Remedy proto;
  proto.set_remedy_id(remedy.id.value());
  proto.set_kind(static_cast<v1::RemedyKind>(remedy.kind));
  proto.set_state(static_cast<v1::RemedyState>(remedy.state));
  proto.set_points(remedy.points);
  proto.set_description(remedy.description);
  proto.set_failure_reason(remedy.failure_reason);
  proto.set_ledger_transaction_id(remedy.ledger_transaction_id);
  proto.set_proposer(remedy.proposer);
  proto.set_approver(remedy.approver);
  *proto.mutable_create_time() = ToTimestamp(remedy.create_time);
  *proto.mutable_update_time() = ToTimestamp(remedy.update_time);
  return proto;
}

void SetTimes(const Complaint& complaint, v1::Complaint& proto) {
  *proto.mutable_occur_time() = ToTimestamp(complaint.occur_time);
  *proto.mutable_record_time() = ToTimestamp(complaint.record_time);
  *proto.mutable_update_time() = ToTimestamp(complaint.update_time);
  if (complaint.acknowledge_time.has_value()) {
    *proto.mutable_acknowledge_time() = ToTimestamp(*complaint.acknowledge_time);
  }
  if (complaint.resolve_time.has_value()) {
    *proto.mutable_resolve_time() = ToTimestamp(*complaint.resolve_time);
  }
  if (complaint.close_time.has_value()) {
    *proto.mutable_close_time() = ToTimestamp(*complaint.close_time);
  }
}

}  // namespace

v1::Complaint ToComplaintProto(const Complaint& complaint) {
  v1::Complaint proto;
  proto.set_customer_id(complaint.customer_id.value());
  proto.set_complaint_id(complaint.id.value());
  proto.set_complaint_number(complaint.number);
  proto.set_channel(static_cast<v1::ComplaintChannel>(complaint.channel));
  proto.set_type(static_cast<v1::ComplaintType>(complaint.type));
  proto.set_severity(complaint.severity);
  proto.set_safety(complaint.safety);
  proto.set_language_code(complaint.language_code);
  proto.set_subject(complaint.subject);
  proto.set_description(complaint.description);
  proto.set_desired_remedy(complaint.desired_remedy);
  for (const std::string& id : complaint.purchase_ids) {
    proto.add_purchase_ids(id);
  }
  for (const StaffId& id : complaint.concerned_staff_ids) {
    proto.add_concerned_staff_ids(id.value());
  }
  proto.set_assignee_id(complaint.assignee_id.value());
  proto.set_state(static_cast<v1::ComplaintState>(complaint.state));
  proto.set_finding(static_cast<v1::ComplaintFinding>(complaint.finding));
  proto.set_relief(static_cast<v1::ComplaintRelief>(complaint.relief));
  proto.set_resolution(complaint.resolution);
  SetTimes(complaint, proto);
  proto.set_reopen_count(complaint.reopen_count);
  proto.mutable_priority()->set_rank(complaint.priority_rank);
  proto.mutable_priority()->set_tier(static_cast<v1::CustomerTier>(complaint.tier));
  proto.set_customer_verification(static_cast<v1::CustomerVerification>(complaint.verification));
  for (const Remedy& remedy : complaint.remedies) {
    *proto.add_remedies() = ToRemedyProto(remedy);
  }
  proto.set_etag(EtagOf(complaint.version));
  return proto;
}

v1::TimelineEntry ToTimelineEntryProto(const TimelineEntry& entry) {
  v1::TimelineEntry proto;
  proto.set_entry_number(entry.number);
  proto.set_kind(static_cast<v1::TimelineKind>(entry.kind));
  proto.set_actor(entry.actor);
  *proto.mutable_occur_time() = ToTimestamp(entry.occur_time);
  *proto.mutable_record_time() = ToTimestamp(entry.record_time);
  proto.set_text(entry.text);
  proto.set_previous_state(static_cast<v1::ComplaintState>(entry.previous_state));
  proto.set_state(static_cast<v1::ComplaintState>(entry.state));
  proto.set_assignee_id(entry.assignee_id.value());
  proto.set_remedy_id(entry.remedy_id.value());
  proto.set_remedy_state(static_cast<v1::RemedyState>(entry.remedy_state));
  proto.set_previous_priority_rank(entry.previous_priority_rank);
  proto.set_priority_rank(entry.priority_rank);
  proto.set_customer_verification(static_cast<v1::CustomerVerification>(entry.verification));
  return proto;
}

}  // namespace clientele::complaints
