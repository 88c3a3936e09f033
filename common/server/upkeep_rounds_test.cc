#include "common/server/upkeep_rounds.h"

#include "common/observability/testing/last_line.h"
#include "common/server/testing/thing_service.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BusyModule final : public EmptyModule {
 public:
  absl::StatusOr<int64_t> Tidy() override { return tidied; }
  absl::StatusOr<bool> Seal() override { return sealed; }

  absl::StatusOr<int64_t> tidied = 0;
  absl::StatusOr<bool> sealed = false;
};

class UpkeepRoundsTest : public ::testing::Test {
 protected:
  BusyModule module_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  LastLine sink_;
  Logger logger_{{.service = "thing", .repeats = {.per_interval_max = 3}}, clock_, sink_};
};

TEST_F(UpkeepRoundsTest, SaysNothingOfARoundThatFoundNothingToDoOrFailed) {
  EXPECT_EQ(RunTidy(module_, logger_), absl::OkStatus());
  EXPECT_FALSE(RunSeal(module_, logger_).value());
  module_.tidied = absl::UnavailableError("away");
  module_.sealed = absl::UnavailableError("away");
  EXPECT_EQ(RunTidy(module_, logger_), absl::UnavailableError("away"));
  EXPECT_EQ(RunSeal(module_, logger_).status(), absl::UnavailableError("away"));
  EXPECT_THAT(sink_.text, IsEmpty());
}

TEST_F(UpkeepRoundsTest, SaysHowMuchWasDeleted) {
  module_.tidied = 17;
  EXPECT_EQ(RunTidy(module_, logger_), absl::OkStatus());
  EXPECT_THAT(sink_.text, AllOf(HasSubstr("\"event\":\"tidied\""), HasSubstr("\"count\":17")));
}

TEST_F(UpkeepRoundsTest, SaysThatSomeWasSealedButNotWithoutEnd) {
  module_.sealed = true;
  for (int i = 0; i < 3; ++i) {
    sink_.text.clear();
    EXPECT_TRUE(RunSeal(module_, logger_).value());
    EXPECT_THAT(sink_.text, HasSubstr("\"event\":\"sealed\""));
  }
  sink_.text.clear();
  EXPECT_TRUE(RunSeal(module_, logger_).value());
  EXPECT_THAT(sink_.text, IsEmpty());
}

}  // namespace
}  // namespace clientele::server
