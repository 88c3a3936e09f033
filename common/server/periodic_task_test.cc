#include "common/server/periodic_task.h"

#include <future>

#include "gtest/gtest.h"

namespace clientele::server {
namespace {

TEST(PeriodicTask, RunsAgainAndAgainUntilStopped) {
  std::promise<void> third;
  int runs = 0;
  PeriodicTask task(absl::Milliseconds(1), [&] {
    if (++runs == 3) {
      third.set_value();
    }
  });
  third.get_future().wait();
  task.Stop();
  const int runs_at_stop = runs;
  task.Stop();
  EXPECT_EQ(runs, runs_at_stop);
}

TEST(PeriodicTask, StopsBeforeItsFirstRun) {
  bool ran = false;
  {
    PeriodicTask task(absl::Hours(1), [&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace clientele::server
