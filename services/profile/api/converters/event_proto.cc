#include "services/profile/api/converters/event_proto.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/handler/event_content.h"

namespace clientele::profile {
namespace {

EventContent MakeContent(absl::string_view type, absl::string_view subject_kind,
                         absl::string_view subject_id, const google::protobuf::Message& message) {
  return MakeEventContent(type, absl::StrCat(subject_kind, "/", subject_id), message);
}

// Turns the body of an event about `customer_id` into its content.
struct ContentMaker {
  const CustomerId& customer_id;

  EventContent operator()(const CustomerCreated& event) const {
    v1::CustomerCreated proto;
    proto.set_kind(static_cast<v1::CustomerKind>(event.kind));
    proto.set_source_system(event.source_system);
    proto.set_version(event.version);
    return MakeContent(kCustomerCreatedType, "customer", customer_id.value(), proto);
  }

  EventContent operator()(const CustomerUpdated& event) const {
    v1::CustomerUpdated proto;
    proto.set_state(static_cast<v1::CustomerState>(event.state));
    proto.set_commercial_status(static_cast<v1::CommercialStatus>(event.commercial_status));
    for (const std::string& field : event.changed_fields) proto.add_changed_fields(field);
    proto.set_version(event.version);
    return MakeContent(kCustomerUpdatedType, "customer", customer_id.value(), proto);
  }

  EventContent operator()(const FactChanged& event) const {
    v1::FactChanged proto;
    proto.set_attribute(std::string(DefinitionOf(event.attribute).path));
    proto.set_fact_id(event.fact_id.value());
    proto.set_channel(static_cast<v1::CollectionChannel>(event.channel));
    return MakeContent(kFactChangedType, "customer", customer_id.value(), proto);
  }

  EventContent operator()(const PurchaseRecorded& event) const {
    v1::PurchaseRecorded proto;
    proto.set_purchase_id(event.purchase_id.value());
    proto.set_source_system(event.source_system);
    proto.set_currency_code(event.currency.ToString());
    proto.set_gross_minor(event.gross_minor);
    proto.set_line_count(event.line_count);
    proto.set_channel(event.channel);
    proto.set_store(event.store);
    proto.set_region(event.region);
    return MakeContent(kPurchaseRecordedType, "purchase", event.purchase_id.value(), proto);
  }

  EventContent operator()(const PurchaseRefunded& event) const {
    v1::PurchaseRefunded proto;
    proto.set_purchase_id(event.purchase_id.value());
    proto.set_refund_number(event.refund_number);
    proto.set_currency_code(event.currency.ToString());
    proto.set_amount_minor(event.amount_minor);
    proto.set_refunded_minor(event.refunded_minor);
    proto.set_state(static_cast<v1::PurchaseState>(event.state));
    return MakeContent(kPurchaseRefundedType, "purchase", event.purchase_id.value(), proto);
  }

  EventContent operator()(const PurchaseCancelled& event) const {
    v1::PurchaseCancelled proto;
    proto.set_purchase_id(event.purchase_id.value());
    proto.set_currency_code(event.currency.ToString());
    proto.set_gross_minor(event.gross_minor);
    return MakeContent(kPurchaseCancelledType, "purchase", event.purchase_id.value(), proto);
  }
};

// What tells apart exported events of one type and subject.
std::string NameOf(const EventBody& body) {
  if (const auto* refunded = std::get_if<PurchaseRefunded>(&body)) {
    return refunded->refund_number;
  }
  if (const auto* updated = std::get_if<CustomerUpdated>(&body)) {
    return absl::StrCat(updated->version);
  }
  return "";
}

}  // namespace

feed::OutboxEvent ToExportedEvent(const Event& event, absl::Time record_time) {
  EventContent content = std::visit(ContentMaker{event.customer_id}, event.body);
  std::string id = ExportedEventId(content, NameOf(event.body));
  return MakeOutboxEvent(event, std::move(content), std::move(id), record_time);
}

std::vector<feed::OutboxEvent> ToOutboxEvents(absl::Span<const Event> events,
                                              absl::Time record_time, UuidV7Generator& ids) {
  std::vector<feed::OutboxEvent> rows;
  rows.reserve(events.size());
  for (const Event& event : events) {
    rows.push_back(MakeOutboxEvent(event, std::visit(ContentMaker{event.customer_id}, event.body),
                                   ids.New(record_time), record_time));
  }
  return rows;
}

}  // namespace clientele::profile
