#include "common/rpc/method.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "clientele/common/v1/event_service.pb.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"

namespace clientele::rpc {
namespace {

using ::testing::HasSubstr;

// LoadMethods checks that a request has request_id exactly when the policy has a rule for it.
TEST(MethodTest, EveryMethodOfTheSuiteHasASoundPolicy) {
  for (const auto* file : {common::v1::GetFeedHeadRequest::descriptor()->file(),
                           profile::v1::CreateCustomerRequest::descriptor()->file(),
                           profile::v1::RecordPurchasesRequest::descriptor()->file(),
                           segmentation::v1::CountBuyersRequest::descriptor()->file(),
                           segmentation::v1::PublishRfmModelRequest::descriptor()->file()}) {
    ASSERT_GT(file->service_count(), 0) << file->name();
    for (int i = 0; i < file->service_count(); ++i) {
      const auto methods = LoadMethods(file->service(i)->full_name());
      EXPECT_TRUE(methods.ok()) << methods.status();
    }
  }
}

TEST(MethodTest, ReadsNamesShapeAndPolicy) {
  const auto methods = LoadMethods("clientele.common.v1.EventService");
  ASSERT_TRUE(methods.ok()) << methods.status();
  ASSERT_EQ(methods->size(), 3u);
  EXPECT_EQ((*methods)[0].path, "/clientele.common.v1.EventService/WatchEvents");
  EXPECT_EQ(CallTypeName((*methods)[0].type), "server_stream");
  EXPECT_EQ((*methods)[0].policy.permission(), "events.read");
  EXPECT_EQ((*methods)[0].policy.cost(), 5);
  EXPECT_FALSE((*methods)[0].takes_request_id());
  EXPECT_EQ(CallTypeName((*methods)[2].type), "unary");
}

TEST(MethodTest, RefusesAMethodWithoutAPolicyByName) {
  const auto* service = grpc::reflection::v1::ServerReflectionRequest::descriptor()->file();
  const absl::Status status = LoadMethods(service->service(0)->full_name()).status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("ServerReflection.ServerReflectionInfo lacks option"));
}

TEST(MethodTest, RefusesAServiceItDoesNotKnow) {
  EXPECT_EQ(LoadMethods("clientele.Nowhere").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace clientele::rpc
