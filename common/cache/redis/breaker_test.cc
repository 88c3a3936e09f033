#include "common/cache/redis/breaker.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

TEST(Breaker, OpensAfterFailuresInARow) {
  Breaker breaker(3);
  EXPECT_FALSE(breaker.OnFailure());
  EXPECT_FALSE(breaker.OnFailure());
  EXPECT_TRUE(breaker.IsClosed());
  EXPECT_TRUE(breaker.OnFailure());
  EXPECT_FALSE(breaker.IsClosed());
  EXPECT_FALSE(breaker.OnFailure());  // opens only once
}

TEST(Breaker, ForgetsFailuresAtASuccess) {
  Breaker breaker(2);
  breaker.OnFailure();
  breaker.OnSuccess();
  EXPECT_FALSE(breaker.OnFailure());
  EXPECT_TRUE(breaker.IsClosed());
}

TEST(Breaker, IsClosedByAProbeAndNotByALateAnswer) {
  Breaker breaker(1);
  EXPECT_TRUE(breaker.OnFailure());
  breaker.OnSuccess();
  EXPECT_FALSE(breaker.IsClosed());
  EXPECT_TRUE(breaker.OnProbeAnswered());
  EXPECT_TRUE(breaker.IsClosed());
  EXPECT_FALSE(breaker.OnProbeAnswered());
}

TEST(Breaker, OpensOnceHoweverManyFailAtOnce) {
  Breaker breaker(5);
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) {
        opened += breaker.OnFailure() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(opened, 1);
}

}  // namespace
}  // namespace clientele::redis
