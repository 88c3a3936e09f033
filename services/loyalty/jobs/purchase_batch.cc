#include "services/loyalty/jobs/purchase_batch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/ids/id_format.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::loyalty {
namespace {

absl::Status Unreadable(const common::v1::Event& event, absl::string_view why) {
  return absl::InternalError(
      absl::StrCat("event ", event.id(), " of type ", event.type(), ": ", why));
}

template <typename Data>
absl::StatusOr<Data> Unpack(const common::v1::Event& event) {
  Data data;
  if (!event.data().UnpackTo(&data)) {
    return Unreadable(event, "has data of another type");
  }
  if (!IsUuid(data.purchase_id())) {
    return Unreadable(event, "its purchase_id is no UUID");
  }
  return data;
}

absl::StatusOr<RecordedPurchase> ReadPurchase(const common::v1::Event& event) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto data, Unpack<profile::v1::PurchaseRecorded>(event));
  return RecordedPurchase{PurchaseId(data.purchase_id()), data.currency_code(), data.gross_minor()};
}

absl::StatusOr<RecordedRefund> ReadRefund(const common::v1::Event& event) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto data, Unpack<profile::v1::PurchaseRefunded>(event));
  return RecordedRefund{PurchaseId(data.purchase_id()), data.refund_number(), data.amount_minor(),
                        data.refunded_minor()};
}

absl::StatusOr<CancelledPurchase> ReadCancel(const common::v1::Event& event) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto data, Unpack<profile::v1::PurchaseCancelled>(event));
  return CancelledPurchase{PurchaseId(data.purchase_id())};
}

}  // namespace

absl::Status PurchaseBatch::Add(const common::v1::Event& event) {
  PurchaseItem item{event.id(),
                    CustomerId(event.customer_id()),
                    {FromTimestamp(event.occur_time()), FromTimestamp(event.record_time())},
                    {}};
  if (event.type() == "clientele.profile.purchase.recorded.v1") {
    CLIENTELE_ASSIGN_OR_RETURN(item.what, ReadPurchase(event));
  } else if (event.type() == "clientele.profile.purchase.refunded.v1") {
    CLIENTELE_ASSIGN_OR_RETURN(item.what, ReadRefund(event));
  } else if (event.type() == "clientele.profile.purchase.cancelled.v1") {
    CLIENTELE_ASSIGN_OR_RETURN(item.what, ReadCancel(event));
  } else {
    return absl::OkStatus();
  }
  items_.push_back(std::move(item));
  return absl::OkStatus();
}

std::vector<std::string> PurchaseBatch::CustomerIds() const {
  std::vector<std::string> ids;
  ids.reserve(items_.size());
  for (const PurchaseItem& item : items_) {
    ids.push_back(item.customer_id.value());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace clientele::loyalty
