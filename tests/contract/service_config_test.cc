// proto/service_config/*.json is what the methods' policies make of it. After a wanted change run
// this with CLIENTELE_UPDATE_GOLDEN=1, which writes the files, and review the difference.

#include "common/rpc/service_config.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/contract/suite.h"

namespace clientele::rpc {
namespace {

TEST(ServiceConfigTest, PublishedConfigsAreThoseOfTheMethods) {
  for (const contract::Server& server : contract::Servers()) {
    const std::string path =
        absl::StrCat(CLIENTELE_PROTO_FOLDER, "/service_config/", server.name, ".json");
    const std::string config = ServiceConfigOf(contract::MethodsOf(server));
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads
    if (std::getenv("CLIENTELE_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(path) << config;
    }
    EXPECT_EQ(contract::ReadFile(path), config) << path;
  }
}

TEST(ServiceConfigTest, OnlyReadsAndWritesWithARequiredRequestIdAreRepeated) {
  std::vector<std::string> repeated_writes;
  for (const contract::Server& server : contract::Servers()) {
    for (const Method& method : contract::MethodsOf(server)) {
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
