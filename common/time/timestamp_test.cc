#include "common/time/timestamp.h"

#include <cstdint>
#include <limits>
#include <random>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

absl::Time Utc(int year, int month, int day, int hour, int minute, int second) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second),
                         absl::UTCTimeZone());
}

TEST(Timestamp, ParsesRfc3339) {
  EXPECT_EQ(ParseRfc3339("2011-12-10T08:26:00Z").value(), Utc(2011, 12, 10, 8, 26, 0));
  EXPECT_EQ(ParseRfc3339("2011-12-10T08:26:00.25Z").value(),
            Utc(2011, 12, 10, 8, 26, 0) + absl::Milliseconds(250));
  EXPECT_EQ(ParseRfc3339("2011-12-10T08:26:00.000001000Z").value(),
            Utc(2011, 12, 10, 8, 26, 0) + absl::Microseconds(1));
  EXPECT_EQ(ParseRfc3339("2011-12-10T08:26:00+05:30").value(), Utc(2011, 12, 10, 2, 56, 0));
  EXPECT_EQ(ParseRfc3339("2011-12-10T20:26:00-08:00").value(), Utc(2011, 12, 11, 4, 26, 0));
}

TEST(Timestamp, RefusesWhatIsNotRfc3339) {
  for (const absl::string_view text : {"",
                                       "2011-12-10",
                                       "2011-12-10T08:26Z",
                                       "2011-12-10T08:26:00",
                                       "2011-12-10 08:26:00Z",
                                       "2011-13-10T08:26:00Z",
                                       "2011-02-29T08:26:00Z",
                                       "2011-12-10T24:00:00Z",
                                       "2011-12-10T08:26:60Z",
                                       "2011-12-10T08:26:00.Z",
                                       "2011-12-10T08:26:00.0000001Z",
                                       "2011-12-10T08:26:00+0530",
                                       "2011-12-10T08:26:00+24:00",
                                       "2011-12-10T08:26:00+05:60",
                                       "2011-12-10T08:26:00Zz",
                                       "+2011-12-10T08:26:00Z",
                                       "infinite-future",
                                       "0000-01-01T00:00:00Z",
                                       " 2011-12-10T08:26:00Z",
                                       "0001-01-01T00:00:00+01:00",
                                       "9999-12-31T23:59:59-01:00"}) {
    EXPECT_EQ(ParseRfc3339(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Timestamp, FormatsAsFewDecimalPlacesAsNeeded) {
  EXPECT_EQ(FormatRfc3339(Utc(2011, 12, 10, 8, 26, 0)), "2011-12-10T08:26:00Z");
  EXPECT_EQ(FormatRfc3339(Utc(2011, 12, 10, 8, 26, 0) + absl::Milliseconds(250)),
            "2011-12-10T08:26:00.25Z");
  EXPECT_EQ(FormatRfc3339(Utc(2011, 12, 10, 8, 26, 0) + absl::Nanoseconds(1'999)),
            "2011-12-10T08:26:00.000001Z");
  EXPECT_EQ(FormatRfc3339(Utc(1, 1, 1, 0, 0, 0)), "0001-01-01T00:00:00Z");
}

TEST(Timestamp, KeepsToTheYears1To9999) {
  EXPECT_EQ(ToUnixMicrosChecked(Utc(1, 1, 1, 0, 0, 0)).value(), kUnixMicrosMin);
  EXPECT_EQ(ToUnixMicrosChecked(Utc(10000, 1, 1, 0, 0, 0) - absl::Nanoseconds(1)).value(),
            kUnixMicrosEnd - 1);
  EXPECT_FALSE(ToUnixMicrosChecked(Utc(10000, 1, 1, 0, 0, 0)).ok());
  EXPECT_FALSE(ToUnixMicrosChecked(Utc(1, 1, 1, 0, 0, 0) - absl::Nanoseconds(1)).ok());
  EXPECT_FALSE(ToUnixMicrosChecked(absl::InfiniteFuture()).ok());
  EXPECT_FALSE(ToUnixMicrosChecked(absl::InfinitePast()).ok());
  EXPECT_EQ(FromUnixMicrosChecked(kUnixMicrosMin).value(), Utc(1, 1, 1, 0, 0, 0));
  EXPECT_FALSE(FromUnixMicrosChecked(kUnixMicrosMin - 1).ok());
  EXPECT_FALSE(FromUnixMicrosChecked(kUnixMicrosEnd).ok());
  EXPECT_FALSE(FromUnixMicrosChecked(std::numeric_limits<int64_t>::max()).ok());
}

TEST(Timestamp, ParsesBackWhatItFormats) {
  std::mt19937_64 random(20260728);
  std::uniform_int_distribution<int64_t> instants_us(kUnixMicrosMin, kUnixMicrosEnd - 1);
  for (int i = 0; i < 10'000; ++i) {
    const absl::Time time = absl::FromUnixMicros(instants_us(random));
    EXPECT_EQ(ParseRfc3339(FormatRfc3339(time)).value(), time) << FormatRfc3339(time);
  }
}

}  // namespace
}  // namespace clientele
