#include "services/profile/api/converters/event_proto.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/events.pb.h"

namespace clientele::profile {
namespace {

// What differs from one kind of event to the next.
struct Content {
  absl::string_view type;
  std::string subject;
  std::string data_type;
  std::string data;
};

Content MakeContent(absl::string_view type, absl::string_view subject_kind,
                    absl::string_view subject_id, const google::protobuf::Message& message) {
  return Content{.type = type,
                 .subject = absl::StrCat(subject_kind, "/", subject_id),
                 .data_type = message.GetTypeName(),
                 .data = message.SerializeAsString()};
}

// Turns the body of an event about `customer_id` into its content.
struct ContentMaker {
  const CustomerId& customer_id;

  Content operator()(const CustomerCreated& event) const {
    v1::CustomerCreated proto;
    proto.set_kind(static_cast<v1::CustomerKind>(event.kind));
    proto.set_source_system(event.source_system);
    proto.set_version(event.version);
    return MakeContent(kCustomerCreatedType, "customer", customer_id.value(), proto);
  }

  Content operator()(const CustomerUpdated& event) const {
    v1::CustomerUpdated proto;
    proto.set_state(static_cast<v1::CustomerState>(event.state));
    proto.set_commercial_status(static_cast<v1::CommercialStatus>(event.commercial_status));
    for (const std::string& field : event.changed_fields) proto.add_changed_fields(field);
    proto.set_version(event.version);
    return MakeContent(kCustomerUpdatedType, "customer", customer_id.value(), proto);
  }

  Content operator()(const FactChanged& event) const {
    v1::FactChanged proto;
    proto.set_attribute(std::string(DefinitionOf(event.attribute).path));
    proto.set_fact_id(event.fact_id.value());
    proto.set_channel(static_cast<v1::CollectionChannel>(event.channel));
    return MakeContent(kFactChangedType, "customer", customer_id.value(), proto);
  }

  Content operator()(const PurchaseRecorded& event) const {
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

  Content operator()(const PurchaseRefunded& event) const {
    v1::PurchaseRefunded proto;
    proto.set_purchase_id(event.purchase_id.value());
    proto.set_refund_number(event.refund_number);
    proto.set_currency_code(event.currency.ToString());
    proto.set_amount_minor(event.amount_minor);
    proto.set_refunded_minor(event.refunded_minor);
    proto.set_state(static_cast<v1::PurchaseState>(event.state));
    return MakeContent(kPurchaseRefundedType, "purchase", event.purchase_id.value(), proto);
  }

  Content operator()(const PurchaseCancelled& event) const {
    v1::PurchaseCancelled proto;
    proto.set_purchase_id(event.purchase_id.value());
    proto.set_currency_code(event.currency.ToString());
    proto.set_gross_minor(event.gross_minor);
    return MakeContent(kPurchaseCancelledType, "purchase", event.purchase_id.value(), proto);
  }
};

}  // namespace

std::vector<feed::OutboxEvent> ToOutboxEvents(absl::Span<const Event> events,
                                              absl::Time record_time, UuidV7Generator& ids) {
  std::vector<feed::OutboxEvent> rows;
  rows.reserve(events.size());
  for (const Event& event : events) {
    Content content = std::visit(ContentMaker{event.customer_id}, event.body);
    rows.push_back({.event_id = ids.New(record_time),
                    .type = std::string(content.type),
                    .subject = std::move(content.subject),
                    .customer_id = event.customer_id.value(),
                    .feed_seq = event.feed_seq,
                    .occur_time = event.occur_time,
                    .record_time = record_time,
                    .data_type = std::move(content.data_type),
                    .data = std::move(content.data)});
  }
  return rows;
}

}  // namespace clientele::profile
