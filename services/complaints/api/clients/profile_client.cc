#include "services/complaints/api/clients/profile_client.h"

#include <string>

#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::complaints {

namespace pb = clientele::profile::v1;

namespace {

// What is answered decides, and so must not come from a cache.
constexpr auto kConsistency = common::v1::CONSISTENCY_STRONG;

}  // namespace

ProfileClient::ProfileClient(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(pb::CustomerService::NewStub(channel)) {}

absl::StatusOr<bool> ProfileClient::Exists(const rpc::CallOptions& options,
                                           const CustomerId& id) const {
  pb::GetCustomerRequest request;
  request.set_customer_id(id.value());
  request.set_consistency(kConsistency);
  absl::Status status =
      rpc::CallUnary<pb::Customer>(options, [&](grpc::ClientContext* context, pb::Customer* out) {
        return stub_->GetCustomer(context, request, out);
      }).status();
  if (status.ok()) {
    return true;
  }
  // Only profile itself says this; a proxy's NOT_FOUND has no reason.
  if (GetErrorReason(status) == "CUSTOMER_NOT_FOUND") {
    return false;
  }
  return status;
}

absl::StatusOr<absl::flat_hash_set<CustomerId>> ProfileClient::FindMissing(
    const rpc::CallOptions& options, absl::Span<const CustomerId> ids) const {
  pb::BatchGetCustomersRequest request;
  for (const CustomerId& id : ids) {
    request.add_customer_ids(id.value());
  }
  request.set_consistency(kConsistency);
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::BatchGetCustomersResponse response,
      rpc::CallUnary<pb::BatchGetCustomersResponse>(
          options, [&](grpc::ClientContext* context, pb::BatchGetCustomersResponse* out) {
            return stub_->BatchGetCustomers(context, request, out);
          }));
  absl::flat_hash_set<CustomerId> missing;
  for (const std::string& id : response.missing_customer_ids()) {
    missing.insert(CustomerId(id));
  }
  return missing;
}

}  // namespace clientele::complaints
