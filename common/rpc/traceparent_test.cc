#include "common/rpc/traceparent.h"

#include <gtest/gtest.h>

#include <string>

namespace clientele::rpc {
namespace {

constexpr char kSound[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceparentTest, TakesTheHeaderOfTheStandardAndItsTrace) {
  EXPECT_TRUE(IsTraceparent(kSound));
  EXPECT_EQ(TraceIdOf(kSound), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(TraceIdOf(""), "");
}

TEST(TraceparentTest, RefusesWhatIsNoTraceparent) {
  for (const std::string& text :
       {std::string(), std::string("00"), std::string(kSound) + "0", std::string(kSound, 54),
        std::string("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
        std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x")}) {
    EXPECT_FALSE(IsTraceparent(text)) << text;
  }
}

}  // namespace
}  // namespace clientele::rpc
