#include "bench/customer.h"

#include <grpcpp/client_context.h>

#include "common/status/macros.h"

namespace clientele::bench {

namespace v1 = profile::v1;

void CreateCustomer(v1::CustomerService::Stub& stub) {
  v1::CreateCustomerRequest request;
  v1::Customer& customer = *request.mutable_customer();
  customer.set_customer_id(kCustomerId);
  customer.mutable_attributes()->set_given_name("Ada");
  customer.mutable_attributes()->set_family_name("Lovelace");
  customer.mutable_attributes()->set_locality("London");
  v1::Identifier& email = *customer.add_identifiers();
  email.set_type(v1::IDENTIFIER_TYPE_EMAIL);
  email.set_value("ada@example.org");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  grpc::ClientContext context;
  CLIENTELE_CHECK(stub.CreateCustomer(&context, request, &customer).ok());
}

}  // namespace clientele::bench
