#include "services/profile/api/customer_service.h"

namespace clientele::profile {

CustomerGrpcService::CustomerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.profile.v1.CustomerService"), reads_(api), writes_(api) {}

grpc::ServerUnaryReactor* CustomerGrpcService::CreateCustomer(
    grpc::CallbackServerContext* context, const v1::CreateCustomerRequest* request,
    v1::Customer* response) {
  return calls_.Unary("CreateCustomer", context, request, response,
                      [this](rpc::CallContext& call, const v1::CreateCustomerRequest& asked) {
                        return writes_.Create(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::GetCustomer(grpc::CallbackServerContext* context,
                                                           const v1::GetCustomerRequest* request,
                                                           v1::Customer* response) {
  return calls_.Unary("GetCustomer", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetCustomerRequest& asked) {
                        return reads_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::BatchGetCustomers(
    grpc::CallbackServerContext* context, const v1::BatchGetCustomersRequest* request,
    v1::BatchGetCustomersResponse* response) {
  return calls_.Unary("BatchGetCustomers", context, request, response,
                      [this](rpc::CallContext& call, const v1::BatchGetCustomersRequest& asked) {
                        return reads_.BatchGet(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::UpdateCustomer(
    grpc::CallbackServerContext* context, const v1::UpdateCustomerRequest* request,
    v1::Customer* response) {
  return calls_.Unary("UpdateCustomer", context, request, response,
                      [this](rpc::CallContext& call, const v1::UpdateCustomerRequest& asked) {
                        return writes_.Update(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::ListCustomers(
    grpc::CallbackServerContext* context, const v1::ListCustomersRequest* request,
    v1::ListCustomersResponse* response) {
  return calls_.Unary("ListCustomers", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListCustomersRequest& asked) {
                        return reads_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::LookupCustomers(
    grpc::CallbackServerContext* context, const v1::LookupCustomersRequest* request,
    v1::LookupCustomersResponse* response) {
  return calls_.Unary("LookupCustomers", context, request, response,
                      [this](rpc::CallContext& call, const v1::LookupCustomersRequest& asked) {
                        return reads_.Lookup(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::DeleteCustomer(
    grpc::CallbackServerContext* context, const v1::DeleteCustomerRequest* request,
    v1::Customer* response) {
  return calls_.Unary("DeleteCustomer", context, request, response,
                      [this](rpc::CallContext& call, const v1::DeleteCustomerRequest& asked) {
                        return writes_.Delete(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::UndeleteCustomer(
    grpc::CallbackServerContext* context, const v1::UndeleteCustomerRequest* request,
    v1::Customer* response) {
  return calls_.Unary("UndeleteCustomer", context, request, response,
                      [this](rpc::CallContext& call, const v1::UndeleteCustomerRequest& asked) {
                        return writes_.Undelete(call, asked);
                      });
}

grpc::ServerUnaryReactor* CustomerGrpcService::ListFacts(grpc::CallbackServerContext* context,
                                                         const v1::ListFactsRequest* request,
                                                         v1::ListFactsResponse* response) {
  return calls_.Unary("ListFacts", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListFactsRequest& asked) {
                        return reads_.ListFacts(call, asked);
                      });
}

}  // namespace clientele::profile
