#include "common/server/file_limit.h"

#include <sys/resource.h>

#include "absl/cleanup/cleanup.h"
#include "common/observability/testing/last_line.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

TEST(RaiseFileLimitTest, TakesAllThatTheSystemGives) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const absl::Cleanup restore = [before] { setrlimit(RLIMIT_NOFILE, &before); };
  const rlimit low = {.rlim_cur = 256, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  SystemClock clock;
  LastLine log;
  Logger logger({.service = "thing", .repeats = {}}, clock, log);
  RaiseFileLimit(logger);
  EXPECT_EQ(log.text, "");
  rlimit after = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
}

}  // namespace
}  // namespace clientele::server
