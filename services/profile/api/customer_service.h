#ifndef SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_
#define SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_

// clientele.profile.v1.CustomerService: each RPC is one statement that hands it to its handler.

#include "clientele/profile/v1/customer_service.pb.h"
#include "common/rpc/grpc_service.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/api/handlers/customer_writes.h"

namespace clientele::profile {

// Thread-safe. `pipeline` and `api` outlive it.
class CustomerGrpcService final : public rpc::GrpcService {
 public:
  CustomerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  CustomerReads reads_;
  CustomerWrites writes_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_
