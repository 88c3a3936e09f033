#include "services/profile/testing/api_fixture.h"

#include "absl/strings/str_format.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "services/profile/api/converters/time_proto.h"
#include "services/profile/testing/test_database.h"

namespace clientele::profile {
namespace {

const sql::Statement kSelectOutbox{
    "SelectOutbox",
    "SELECT customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, record_time, "
    "data_type, payload FROM outbox ORDER BY customer_id, feed_seq"};

}  // namespace

absl::Time TestBusinessTime() {
  return absl::FromCivil(absl::CivilDay(2011, 12, 10), absl::UTCTimeZone());
}

absl::Time TestRecordTime() {
  return absl::FromCivil(absl::CivilDay(2024, 6, 1), absl::UTCTimeZone());
}

ApiFixture::ApiFixture()
    : business_clock_(TestBusinessTime()),
      record_clock_(TestRecordTime()),
      database_(OpenTestDatabase()),
      key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k'))),
      idempotency_(std::string(key_.bytes()), absl::Hours(24 * 7)),
      page_tokens_(key_),
      identifiers_(key_),
      api_{.database = *database_,
           .business_clock = business_clock_,
           .record_clock = record_clock_,
           .ids = ids_,
           .idempotency = idempotency_,
           .page_tokens = page_tokens_,
           .identifiers = identifiers_,
           .poke_outbox = [this] { ++poke_count_; }} {}

rpc::CallContext ApiFixture::Call(common::v1::RequestIdRule rule) {
  rpc::CallContext call;
  call.method = "/test/Method";
  call.principal = "local";
  call.request_id_rule = rule;
  return call;
}

std::vector<feed::OutboxEvent> ApiFixture::Outbox() {
  std::vector<feed::OutboxEvent> events;
  const absl::Status status = database_->RunReadOnly({}, [&](sql::Tx& tx) {
    return tx.Query(kSelectOutbox, {}, [&](const sql::Row& row) {
      events.push_back(feed::OutboxEventFromRow(row));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  return events;
}

v1::CreateCustomerRequest MakeCreateRequest(const std::string& customer_id) {
  v1::CreateCustomerRequest request;
  request.mutable_customer()->set_customer_id(customer_id);
  request.mutable_customer()->mutable_attributes()->set_given_name("Zoë");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_origin()->set_source_system("shop");
  return request;
}

v1::Purchase MakePurchaseProto(const std::string& customer_id, const std::string& order_number) {
  v1::Purchase purchase;
  purchase.set_customer_id(customer_id);
  purchase.set_source_system("shop");
  purchase.set_order_number(order_number);
  SetTimestamp(TestBusinessTime() - absl::Hours(1), *purchase.mutable_occur_time());
  purchase.set_currency_code("GBP");
  v1::PurchaseLine& line = *purchase.add_lines();
  line.set_line_number(1);
  line.set_sku("85123A");
  line.set_quantity(6);
  line.set_unit_price_micros(2'550'000);
  return purchase;
}

std::string MakeRequestId(int number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto details = GetErrorDetails(status);
  if (!details.has_value()) return fields;
  for (const FieldViolation& violation : details->field_violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

std::string ReasonOf(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

}  // namespace clientele::profile
