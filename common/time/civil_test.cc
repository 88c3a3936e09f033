#include "common/time/civil.h"

#include "common/time/timestamp.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

absl::TimeZone Zone(absl::string_view name) { return LoadTimeZone(name).value(); }

TEST(TimeZone, LoadsIanaNames) {
  for (const absl::string_view name :
       {"UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Etc/GMT+5"}) {
    ASSERT_TRUE(LoadTimeZone(name).ok()) << name;
    EXPECT_EQ(LoadTimeZone(name)->name(), name);
  }
}

TEST(TimeZone, RefusesOtherNamesAndFiles) {
  for (const absl::string_view name :
       {"", "Nowhere/City", "europe/london!", "/etc/passwd", "../etc/localtime", "localtime",
        "libc:localtime", "file:/usr/share/zoneinfo/UTC", "Fixed/UTC+01:00:00", "GMT+05:00",
        "Etc/Unknown", "Europe/L\xc3\xb6ndon"}) {
    EXPECT_EQ(LoadTimeZone(name).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(LoadTimeZone(absl::string_view("UTC\0", 4)).ok());
  EXPECT_FALSE(LoadTimeZone(std::string(10'000, 'a')).ok());
}

TEST(Date, ParsesAndFormatsDaysOfTheCalendar) {
  EXPECT_EQ(ParseDate("2011-12-10").value(), absl::CivilDay(2011, 12, 10));
  EXPECT_EQ(ParseDate("2012-02-29").value(), absl::CivilDay(2012, 2, 29));
  EXPECT_EQ(FormatDate(ParseDate("0001-01-01").value()), "0001-01-01");
  EXPECT_EQ(FormatDate(ParseDate("9999-12-31").value()), "9999-12-31");
}

TEST(Date, RefusesOtherShapesAndMissingDays) {
  for (const absl::string_view text :
       {"", "2011-2-10", "2011-02-30", "2011-13-01", "2011-00-10", "2011-12-00", "0000-01-01",
        "10-12-2011", "2011/12/10", "2011-12-10T00:00:00Z", " 2011-12-1", "-011-12-10",
        "2011-12-1a", "+011-12-10"}) {
    EXPECT_EQ(ParseDate(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Date, StartsAtMidnightOfItsZone) {
  const absl::CivilDay day(2011, 12, 10);
  EXPECT_EQ(FormatRfc3339(StartOfDay(day, Zone("UTC"))), "2011-12-10T00:00:00Z");
  EXPECT_EQ(FormatRfc3339(StartOfDay(day, Zone("America/New_York"))), "2011-12-10T05:00:00Z");
  EXPECT_EQ(FormatRfc3339(StartOfDay(day, Zone("Asia/Kolkata"))), "2011-12-09T18:30:00Z");
}

TEST(Date, StartsAtTheFirstInstantWhereMidnightIsSkippedOrRepeated) {
  // Sao Paulo went from 23:59:59 straight to 01:00 on 2018-11-04.
  EXPECT_EQ(FormatRfc3339(StartOfDay(absl::CivilDay(2018, 11, 4), Zone("America/Sao_Paulo"))),
            "2018-11-04T03:00:00Z");
  // Havana went back from 01:00 to 00:00 on 2018-11-04, so 00:00 came twice.
  EXPECT_EQ(FormatRfc3339(StartOfDay(absl::CivilDay(2018, 11, 4), Zone("America/Havana"))),
            "2018-11-04T04:00:00Z");
}

TEST(Date, IsFoundFromAnInstant) {
  const absl::Time instant = ParseRfc3339("2011-12-10T04:59:59Z").value();
  EXPECT_EQ(DayOf(instant, Zone("UTC")), absl::CivilDay(2011, 12, 10));
  EXPECT_EQ(DayOf(instant, Zone("America/New_York")), absl::CivilDay(2011, 12, 9));
}

TEST(Date, HasANumberCountedFrom1970) {
  EXPECT_EQ(DayNumber(absl::CivilDay(1970, 1, 1)), 0);
  EXPECT_EQ(DayNumber(absl::CivilDay(1969, 12, 31)), -1);
  EXPECT_EQ(DayNumber(absl::CivilDay(2011, 12, 10)), 15'318);
  EXPECT_EQ(DayFromNumber(15'318), absl::CivilDay(2011, 12, 10));
}

}  // namespace
}  // namespace clientele
