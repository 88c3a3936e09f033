#include "services/profile/api/customer_service.h"

namespace clientele::profile {

CustomerGrpcService::CustomerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.profile.v1.CustomerService"), reads_(api), writes_(api) {
  AddUnary("CreateCustomer", writes_, &CustomerWrites::Create);
  AddUnary("GetCustomer", reads_, &CustomerReads::Get, &CustomerReads::TryGet);
  AddUnary("BatchGetCustomers", reads_, &CustomerReads::BatchGet);
  AddUnary("UpdateCustomer", writes_, &CustomerWrites::Update);
  AddUnary("ListCustomers", reads_, &CustomerReads::List);
  AddUnary("LookupCustomers", reads_, &CustomerReads::Lookup);
  AddUnary("DeleteCustomer", writes_, &CustomerWrites::Delete);
  AddUnary("UndeleteCustomer", writes_, &CustomerWrites::Undelete);
  AddUnary("ListFacts", reads_, &CustomerReads::ListFacts);
}

}  // namespace clientele::profile
