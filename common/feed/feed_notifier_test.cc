#include "common/feed/feed_notifier.h"

#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

TEST(FeedNotifier, WakesEverySubscriber) {
  FeedNotifier notifier;
  int first = 0;
  int second = 0;
  const auto a = notifier.Subscribe([&] { ++first; });
  const auto b = notifier.Subscribe([&] { ++second; });
  notifier.Notify();
  notifier.Notify();
  EXPECT_EQ(first, 2);
  EXPECT_EQ(second, 2);
}

TEST(FeedNotifier, ForgetsASubscriberThatHasGone) {
  FeedNotifier notifier;
  int woken = 0;
  auto subscription = notifier.Subscribe([&] { ++woken; });
  subscription.reset();
  notifier.Notify();
  EXPECT_EQ(woken, 0);
}

TEST(FeedNotifier, LetsAWakerEndItsOwnSubscription) {
  FeedNotifier notifier;
  int woken = 0;
  std::unique_ptr<FeedNotifier::Subscription> subscription;
  subscription = notifier.Subscribe([&] {
    ++woken;
    subscription.reset();
  });
  notifier.Notify();
  notifier.Notify();
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace clientele::feed
