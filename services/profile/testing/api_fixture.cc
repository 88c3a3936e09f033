#include "services/profile/testing/api_fixture.h"

#include <utility>

#include "common/status/macros.h"
#include "common/time/time_proto.h"
#include "services/profile/api/handlers/customer_reads.h"

namespace clientele::profile {

ApiFixture::ApiFixture(std::unique_ptr<sql::Database> database)
    : HandlerFixture(std::move(database), Sealing::kOn), api_(Parts()) {}

absl::StatusOr<v1::Customer> GetCustomer(const ApiContext& api, rpc::CallContext& call,
                                         const v1::GetCustomerRequest& request) {
  CLIENTELE_ASSIGN_OR_RETURN(const rpc::Prepared<v1::Customer> prepared,
                             CustomerReads(api).Get(call, request));
  v1::Customer customer;
  CLIENTELE_CHECK(customer.ParseFromString(prepared.bytes));
  return customer;
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
  *purchase.mutable_occur_time() = ToTimestamp(TestBusinessTime() - absl::Hours(1));
  purchase.set_currency_code("GBP");
  v1::PurchaseLine& line = *purchase.add_lines();
  line.set_line_number(1);
  line.set_sku("85123A");
  line.set_quantity(6);
  line.set_unit_price_micros(2'550'000);
  return purchase;
}

}  // namespace clientele::profile
