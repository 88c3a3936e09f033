#include "services/segmentation/jobs/order_log_batch.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/ids/id_format.h"
#include "common/status/macros.h"
#include "google/protobuf/util/time_util.h"

namespace clientele::segmentation {
namespace {

using common::v1::Event;

absl::Status Unreadable(const Event& event, absl::string_view why) {
  return absl::InternalError(
      absl::StrCat("event ", event.id(), " of type ", event.type(), ": ", why));
}

template <typename Data>
absl::Status Unpack(const Event& event, Data& data) {
  return event.data().UnpackTo(&data) ? absl::OkStatus()
                                      : Unreadable(event, "has data of another type");
}

EventPlace PlaceOf(const Event& event) {
  const int64_t occur_time_us =
      google::protobuf::util::TimeUtil::TimestampToMicroseconds(event.occur_time());
  return {event.position(), absl::FromUnixMicros(occur_time_us)};
}

}  // namespace

absl::Status OrderLogBatch::Add(const Event& event) {
  const std::string& type = event.type();
  if (type == "clientele.profile.customer.created.v1") {
    customers_.push_back({event.customer_id(), PlaceOf(event)});
    return absl::OkStatus();
  }
  if (type == "clientele.profile.customer.updated.v1") {
    return AddStateChange(event);
  }
  if (type == "clientele.profile.purchase.recorded.v1") {
    return AddOrder(event);
  }
  if (type == "clientele.profile.purchase.refunded.v1") {
    return AddRefund(event);
  }
  if (type == "clientele.profile.purchase.cancelled.v1") {
    return AddCancel(event);
  }
  return absl::OkStatus();
}

absl::Status OrderLogBatch::AddStateChange(const Event& event) {
  profile::v1::CustomerUpdated updated;
  CLIENTELE_RETURN_IF_ERROR(Unpack(event, updated));
  states_.push_back({.customer_id = event.customer_id(),
                     .feed_seq = event.feed_seq(),
                     .changed = PlaceOf(event),
                     .deleted = updated.state() == profile::v1::CUSTOMER_STATE_DELETED});
  return absl::OkStatus();
}

absl::Status OrderLogBatch::AddOrder(const Event& event) {
  profile::v1::PurchaseRecorded& recorded = recorded_.emplace_back();
  CLIENTELE_RETURN_IF_ERROR(Unpack(event, recorded));
  CLIENTELE_ASSIGN_OR_RETURN(const absl::string_view purchase_key,
                             PurchaseKey(event, recorded.purchase_id()));
  orders_.push_back({.customer_id = event.customer_id(),
                     .purchase_id = purchase_key,
                     .recorded = PlaceOf(event),
                     .gross_minor = recorded.gross_minor(),
                     .currency_code = recorded.currency_code(),
                     .source_system = recorded.source_system(),
                     .channel = recorded.channel(),
                     .store = recorded.store(),
                     .region = recorded.region()});
  return absl::OkStatus();
}

absl::Status OrderLogBatch::AddRefund(const Event& event) {
  profile::v1::PurchaseRefunded& refunded = refunded_.emplace_back();
  CLIENTELE_RETURN_IF_ERROR(Unpack(event, refunded));
  CLIENTELE_ASSIGN_OR_RETURN(const absl::string_view purchase_key,
                             PurchaseKey(event, refunded.purchase_id()));
  refunds_.push_back({.customer_id = event.customer_id(),
                      .purchase_id = purchase_key,
                      .refund_number = refunded.refund_number(),
                      .refunded = PlaceOf(event),
                      .amount_minor = refunded.amount_minor(),
                      .refunded_so_far_minor = refunded.refunded_minor()});
  return absl::OkStatus();
}

absl::Status OrderLogBatch::AddCancel(const Event& event) {
  profile::v1::PurchaseCancelled cancelled;
  CLIENTELE_RETURN_IF_ERROR(Unpack(event, cancelled));
  CLIENTELE_ASSIGN_OR_RETURN(const absl::string_view purchase_key,
                             PurchaseKey(event, cancelled.purchase_id()));
  cancels_.push_back({event.customer_id(), purchase_key, PlaceOf(event)});
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> OrderLogBatch::PurchaseKey(const Event& event,
                                                             absl::string_view purchase_id) {
  if (!IsUuid(purchase_id)) {
    return Unreadable(event, "its purchase_id is no UUID");
  }
  return purchase_keys_.emplace_back(
      absl::HexStringToBytes(absl::StrReplaceAll(purchase_id, {{"-", ""}})));
}

}  // namespace clientele::segmentation
