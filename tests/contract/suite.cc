#include "tests/contract/suite.h"

#include <fstream>
#include <iterator>

#include "clientele/common/v1/audit_service.pb.h"
#include "clientele/common/v1/event_service.pb.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "clientele/loyalty/v1/member_service.pb.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"

namespace clientele::contract {

std::vector<Server> Servers() {
  return {
      {"complaints", {complaints::v1::GetComplaintRequest::descriptor()->file()}},
      {"loyalty",
       {loyalty::v1::RedeemRequest::descriptor()->file(),
        loyalty::v1::GetTierRequest::descriptor()->file()}},
      {"profile",
       {profile::v1::CreateCustomerRequest::descriptor()->file(),
        profile::v1::RecordPurchasesRequest::descriptor()->file()}},
      {"segmentation",
       {segmentation::v1::CountBuyersRequest::descriptor()->file(),
        segmentation::v1::PublishRfmModelRequest::descriptor()->file()}},
  };
}

std::vector<rpc::Method> MethodsOf(const Server& server) {
  std::vector<const google::protobuf::FileDescriptor*> files = server.files;
  files.push_back(common::v1::GetFeedHeadRequest::descriptor()->file());
  files.push_back(common::v1::VerifyAuditLogRequest::descriptor()->file());
  std::vector<rpc::Method> methods;
  for (const google::protobuf::FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      const std::vector<rpc::Method> some = rpc::LoadMethods(file->service(i)->full_name()).value();
      methods.insert(methods.end(), some.begin(), some.end());
    }
  }
  return methods;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace clientele::contract
