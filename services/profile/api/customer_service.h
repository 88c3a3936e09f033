#ifndef SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_
#define SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_

// clientele.profile.v1.CustomerService: each RPC is one statement that hands it to its handler.

#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/api/handlers/customer_writes.h"

namespace clientele::profile {

// Thread-safe. `pipeline` and `api` outlive it.
class CustomerGrpcService final : public v1::CustomerService::CallbackService {
 public:
  CustomerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* CreateCustomer(grpc::CallbackServerContext* context,
                                           const v1::CreateCustomerRequest* request,
                                           v1::Customer* response) override;
  grpc::ServerUnaryReactor* GetCustomer(grpc::CallbackServerContext* context,
                                        const v1::GetCustomerRequest* request,
                                        v1::Customer* response) override;
  grpc::ServerUnaryReactor* BatchGetCustomers(grpc::CallbackServerContext* context,
                                              const v1::BatchGetCustomersRequest* request,
                                              v1::BatchGetCustomersResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCustomer(grpc::CallbackServerContext* context,
                                           const v1::UpdateCustomerRequest* request,
                                           v1::Customer* response) override;
  grpc::ServerUnaryReactor* ListCustomers(grpc::CallbackServerContext* context,
                                          const v1::ListCustomersRequest* request,
                                          v1::ListCustomersResponse* response) override;
  grpc::ServerUnaryReactor* LookupCustomers(grpc::CallbackServerContext* context,
                                            const v1::LookupCustomersRequest* request,
                                            v1::LookupCustomersResponse* response) override;
  grpc::ServerUnaryReactor* DeleteCustomer(grpc::CallbackServerContext* context,
                                           const v1::DeleteCustomerRequest* request,
                                           v1::Customer* response) override;
  grpc::ServerUnaryReactor* UndeleteCustomer(grpc::CallbackServerContext* context,
                                             const v1::UndeleteCustomerRequest* request,
                                             v1::Customer* response) override;
  grpc::ServerUnaryReactor* ListFacts(grpc::CallbackServerContext* context,
                                      const v1::ListFactsRequest* request,
                                      v1::ListFactsResponse* response) override;

 private:
  rpc::ServiceCalls calls_;
  CustomerReads reads_;
  CustomerWrites writes_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CUSTOMER_SERVICE_H_
