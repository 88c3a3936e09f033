#include "services/complaints/api/converters/event_proto.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clientele/complaints/v1/events.pb.h"
#include "common/handler/event_content.h"

namespace clientele::complaints {
namespace {

v1::ComplaintPriority ToPriorityProto(const PriorityValue& value) {
  v1::ComplaintPriority proto;
  proto.set_rank(value.rank);
  proto.set_tier(static_cast<v1::CustomerTier>(value.tier));
  return proto;
}

// Turns the body of `event` into its content.
struct ContentMaker {
  const Event& event;

  EventContent operator()(const ComplaintFiled& body) const {
    v1::ComplaintFiled proto;
    proto.set_channel(static_cast<v1::ComplaintChannel>(body.channel));
    proto.set_type(static_cast<v1::ComplaintType>(body.type));
    proto.set_severity(body.severity);
    proto.set_safety(body.safety);
    *proto.mutable_priority() = ToPriorityProto(body.priority);
    return OfComplaint(kComplaintFiledType, proto);
  }

  EventContent operator()(const ComplaintStateChanged& body) const {
    v1::ComplaintStateChanged proto;
    proto.set_previous_state(static_cast<v1::ComplaintState>(body.previous_state));
    proto.set_state(static_cast<v1::ComplaintState>(body.state));
    proto.set_finding(static_cast<v1::ComplaintFinding>(body.finding));
    proto.set_relief(static_cast<v1::ComplaintRelief>(body.relief));
    proto.set_reopen_count(body.reopen_count);
    return OfComplaint(kComplaintStateChangedType, proto);
  }

  EventContent operator()(const ComplaintPriorityChanged& body) const {
    v1::ComplaintPriorityChanged proto;
    *proto.mutable_previous_priority() = ToPriorityProto(body.previous_priority);
    *proto.mutable_priority() = ToPriorityProto(body.priority);
    return OfComplaint(kComplaintPriorityChangedType, proto);
  }

  EventContent operator()(const RemedyStateChanged& body) const {
    v1::RemedyStateChanged proto;
    proto.set_remedy_id(body.remedy_id.value());
    proto.set_kind(static_cast<v1::RemedyKind>(body.kind));
    proto.set_previous_state(static_cast<v1::RemedyState>(body.previous_state));
    proto.set_state(static_cast<v1::RemedyState>(body.state));
    proto.set_points(body.points);
    proto.set_failure_reason(body.failure_reason);
    proto.set_ledger_transaction_id(body.ledger_transaction_id);
    return Of(kRemedyStateChangedType, absl::StrCat("remedy/", body.remedy_id.value()), proto);
  }

 private:
  template <typename Message>
  EventContent OfComplaint(absl::string_view type, Message& proto) const {
    return Of(type, absl::StrCat("complaint/", event.complaint_id.value()), proto);
  }

  template <typename Message>
  EventContent Of(absl::string_view type, std::string subject, Message& proto) const {
    proto.set_complaint_id(event.complaint_id.value());
    proto.set_version(event.version);
    return MakeEventContent(type, std::move(subject), proto);
  }
};

}  // namespace

std::vector<feed::OutboxEvent> ToOutboxEvents(absl::Span<const Event> events,
                                              absl::Time record_time, UuidV7Generator& ids) {
  std::vector<feed::OutboxEvent> rows;
  rows.reserve(events.size());
  for (const Event& event : events) {
    rows.push_back(MakeOutboxEvent(event, std::visit(ContentMaker{event}, event.body),
                                   ids.New(record_time), record_time));
  }
  return rows;
}

}  // namespace clientele::complaints
