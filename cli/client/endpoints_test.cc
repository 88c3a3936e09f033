#include "cli/client/endpoints.h"

#include <fstream>

#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(Endpoints, ServerComesBeforeDataDir) {
  const std::string dir = testing::TempDir();
  ASSERT_TRUE(WriteEndpoints(dir, {{"profile", "127.0.0.1:5"}}).ok());
  EXPECT_EQ(*ResolveEndpoint({.server = "", .data_dir = dir}, "profile"), "127.0.0.1:5");
  EXPECT_EQ(*ResolveEndpoint({.server = "h:9", .data_dir = dir}, "profile"), "h:9");
}

TEST(Endpoints, RefusesAnUnknownServiceAndADataDirWhereNothingRuns) {
  const std::string dir = testing::TempDir();
  ASSERT_TRUE(WriteEndpoints(dir, {{"profile", "127.0.0.1:5"}}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      ResolveEndpoint({.server = "", .data_dir = dir}, "weather").status()));
  EXPECT_TRUE(absl::IsNotFound(
      ResolveEndpoint({.server = "", .data_dir = "/nowhere"}, "profile").status()));
}

TEST(Endpoints, TellsOfTheFileAsLongAsItIsThereAndNoAddressIsGiven) {
  const std::string dir = testing::TempDir();
  ASSERT_TRUE(WriteEndpoints(dir, {{"profile", "127.0.0.1:5"}}).ok());
  EXPECT_EQ(FindEndpointsFile({.server = "", .data_dir = dir}), dir + "/endpoints.json");
  EXPECT_EQ(FindEndpointsFile({.server = "h:9", .data_dir = dir}), "");
  RemoveEndpoints(dir);
  EXPECT_EQ(FindEndpointsFile({.server = "", .data_dir = dir}), "");
  EXPECT_TRUE(absl::IsNotFound(ReadEndpoints(dir).status()));
}

TEST(Endpoints, RefusesAFileThatIsNoListOfEndpoints) {
  const std::string dir = testing::TempDir();
  std::ofstream(dir + "/endpoints.json") << "{\"profile\": 5}";
  EXPECT_TRUE(absl::IsDataLoss(ReadEndpoints(dir).status()));
  std::ofstream(dir + "/endpoints.json") << "not json";
  EXPECT_TRUE(absl::IsDataLoss(ReadEndpoints(dir).status()));
}

TEST(Endpoints, KnowsTheServiceOfAMethod) {
  EXPECT_EQ(ServiceOfFullName("clientele.profile.v1.CustomerService"), "profile");
  EXPECT_EQ(ServiceOfFullName("clientele.common.v1.EventService"), "");
  EXPECT_EQ(ServiceOfFullName("grpc.health.v1.Health"), "");
}

}  // namespace
}  // namespace clientele::cli
