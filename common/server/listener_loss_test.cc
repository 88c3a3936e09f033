#include "common/server/listener_loss.h"

#include <grpc/support/log.h>

#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::ContainsRegex;
using ::testing::ExitedWithCode;

// gRPC's log belongs to the process, so each test has one of its own.
TEST(ListenerLossDeathTest, EndsTheProcessAndSaysWhy) {
  const auto lose = [] {
    EndProcessWhenListenerIsLost();
    gpr_log(GPR_ERROR, "Failed accept4: %s", "Too many open files");
  };
  EXPECT_EXIT(lose(), ExitedWithCode(EXIT_FAILURE),
              ContainsRegex("\"event\":\"listener_lost\".*\"cause\":\"Too many open files\""));
}

TEST(ListenerLossDeathTest, DropsWhatElseIsLogged) {
  const auto log = [] {
    EndProcessWhenListenerIsLost();
    gpr_log(GPR_ERROR, "Error parsing metadata: key=%s", "x");
    gpr_log(GPR_INFO, "Failed accept4: as information");
    std::_Exit(EXIT_SUCCESS);
  };
  EXPECT_EXIT(log(), ExitedWithCode(EXIT_SUCCESS), "^$");
}

}  // namespace
}  // namespace clientele::server
