#include "services/segmentation/config.h"

#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

int ThreadsOf(int64_t configured, int cpu_count, int connections_max) {
  return LoadThreadsOf({.rfm_load_threads = configured},
                       {.cpu_count = cpu_count, .memory_bytes = int64_t{1} << 30}, connections_max);
}

TEST(SegmentationConfigTest, LoadsWithTheProcessorsThatItMayUse) {
  EXPECT_EQ(ThreadsOf(0, 6, 32), 6);
  EXPECT_EQ(ThreadsOf(0, 1, 32), 2) << "one counts while the other one waits for the database";
}

TEST(SegmentationConfigTest, LeavesHalfOfTheConnectionsToTheCalls) {
  EXPECT_EQ(ThreadsOf(0, 96, 32), 16);
  EXPECT_EQ(ThreadsOf(0, 96, 4), 2);
  EXPECT_EQ(ThreadsOf(0, 1, 3), 1);
  EXPECT_EQ(ThreadsOf(0, 1, 1), 1);
  EXPECT_EQ(ThreadsOf(0, 1024, 1024), 64);
}

TEST(SegmentationConfigTest, LoadsWithAsManyThreadsAsItIsTold) {
  EXPECT_EQ(ThreadsOf(1, 8, 32), 1);
  EXPECT_EQ(ThreadsOf(64, 1, 4), 64);
}

}  // namespace
}  // namespace clientele::segmentation
