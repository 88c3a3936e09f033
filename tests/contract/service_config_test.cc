// proto/service_config/*.json is what the methods' policies make of it. After a wanted change run
// this with CLIENTELE_UPDATE_GOLDEN=1, which writes the files, and review the difference.

#include "common/rpc/service_config.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clientele/common/v1/audit_service.pb.h"
#include "clientele/common/v1/event_service.pb.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "clientele/loyalty/v1/member_service.pb.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::rpc {
namespace {

using google::protobuf::FileDescriptor;

struct Server {
  std::string name;
  std::vector<const FileDescriptor*> files;  // of its own services
};

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

std::vector<Method> MethodsOf(const Server& server) {
  std::vector<const FileDescriptor*> files = server.files;
  files.push_back(common::v1::GetFeedHeadRequest::descriptor()->file());
  files.push_back(common::v1::VerifyAuditLogRequest::descriptor()->file());
  std::vector<Method> methods;
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      const std::vector<Method> some = LoadMethods(file->service(i)->full_name()).value();
      methods.insert(methods.end(), some.begin(), some.end());
    }
  }
  return methods;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ServiceConfigTest, PublishedConfigsAreThoseOfTheMethods) {
  for (const Server& server : Servers()) {
    const std::string path =
        absl::StrCat(CLIENTELE_SERVICE_CONFIG_FOLDER, "/", server.name, ".json");
    const std::string config = ServiceConfigOf(MethodsOf(server));
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads
    if (std::getenv("CLIENTELE_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(path) << config;
    }
    EXPECT_EQ(ReadFile(path), config) << path;
  }
}

TEST(ServiceConfigTest, OnlyReadsAndWritesWithARequiredRequestIdAreRepeated) {
  std::vector<std::string> repeated_writes;
  for (const Server& server : Servers()) {
    for (const Method& method : MethodsOf(server)) {
      const bool may_write = method.policy.audit();
      if (may_write && IsSafeToRepeat(method)) {
        repeated_writes.push_back(method.name);
        EXPECT_EQ(method.policy.request_id(), common::v1::REQUEST_ID_RULE_REQUIRED) << method.path;
      }
      EXPECT_TRUE(may_write || IsSafeToRepeat(method)) << method.path;
    }
  }
  EXPECT_THAT(repeated_writes,
              testing::UnorderedElementsAre("ApproveRemedy", "Adjust", "Reverse", "Redeem",
                                            "CancelPurchase", "RecordPurchases", "RefundPurchase"));
}

}  // namespace
}  // namespace clientele::rpc
