#include "services/loyalty/testing/test_events.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::loyalty {
namespace {

constexpr char kEventNamespace[] = "00000000-0000-4000-8000-00000000feed";

common::v1::Event MakeEvent(const std::string& name, const std::string& key,
                            const TestPurchase& purchase, absl::Time occur_time,
                            const google::protobuf::Message& data) {
  common::v1::Event event;
  const absl::StatusOr<std::string> id =
      UuidV5(kEventNamespace, absl::StrCat(name, "/", purchase.customer_id, "/", key));
  CLIENTELE_CHECK(id.ok());
  event.set_id(*id);
  event.set_type(absl::StrCat("clientele.profile.purchase.", name, ".v1"));
  event.set_customer_id(purchase.customer_id);
  *event.mutable_occur_time() = ToTimestamp(occur_time);
  *event.mutable_record_time() = ToTimestamp(occur_time + absl::Seconds(1));
  event.mutable_data()->PackFrom(data);
  return event;
}

}  // namespace

absl::Time NoonOf(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone()) +
         absl::Hours(12);
}

std::string PurchaseIdOf(int number) {
  return absl::StrFormat("00000000-0000-5000-8000-%012x", number);
}

common::v1::Event PurchaseRecorded(const TestPurchase& purchase) {
  profile::v1::PurchaseRecorded data;
  data.set_purchase_id(PurchaseIdOf(purchase.number));
  data.set_source_system("shop");
  data.set_currency_code(purchase.currency_code);
  data.set_gross_minor(purchase.gross_minor);
  data.set_line_count(1);
  return MakeEvent("recorded", absl::StrCat(purchase.number), purchase, purchase.occur_time, data);
}

common::v1::Event PurchaseRefunded(const TestPurchase& purchase, int refund, int64_t amount_minor,
                                   int64_t so_far_minor, absl::Time occur_time) {
  profile::v1::PurchaseRefunded data;
  data.set_purchase_id(PurchaseIdOf(purchase.number));
  data.set_refund_number(absl::StrCat("r-", refund));
  data.set_currency_code(purchase.currency_code);
  data.set_amount_minor(amount_minor);
  data.set_refunded_minor(so_far_minor + amount_minor);
  return MakeEvent("refunded", absl::StrCat(purchase.number, "/", refund), purchase, occur_time,
                   data);
}

common::v1::Event PurchaseCancelled(const TestPurchase& purchase, absl::Time occur_time) {
  profile::v1::PurchaseCancelled data;
  data.set_purchase_id(PurchaseIdOf(purchase.number));
  data.set_currency_code(purchase.currency_code);
  data.set_gross_minor(purchase.gross_minor);
  return MakeEvent("cancelled", absl::StrCat(purchase.number), purchase, occur_time, data);
}

}  // namespace clientele::loyalty
