#ifndef SERVICES_COMPLAINTS_API_CLIENTS_PROFILE_CLIENT_H_
#define SERVICES_COMPLAINTS_API_CLIENTS_PROFILE_CLIENT_H_

// What complaints asks profile: whether customers exist. A deleted customer does.

#include <grpcpp/channel.h>

#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "services/complaints/domain/ids.h"

namespace clientele::complaints {

// Thread-safe. Each call blocks at most until the deadline of its options; an error means that
// profile could not be asked, and says nothing of the customer.
class ProfileClient {
 public:
  // `channel` from rpc::Connect.
  explicit ProfileClient(const std::shared_ptr<grpc::Channel>& channel);

  absl::StatusOr<bool> Exists(const rpc::CallOptions& options, const CustomerId& id) const;

  // Those of 1..1,000 customers that do not exist.
  absl::StatusOr<absl::flat_hash_set<CustomerId>> FindMissing(
      const rpc::CallOptions& options, absl::Span<const CustomerId> ids) const;

 private:
  const std::unique_ptr<profile::v1::CustomerService::Stub> stub_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_CLIENTS_PROFILE_CLIENT_H_
