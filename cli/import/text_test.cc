#include "cli/import/text.h"

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/import/string_pool.h"
#include "cli/import/time_text.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

absl::Time Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second),
                         absl::UTCTimeZone());
}

TEST(IsUtf8, AcceptsWellFormedText) {
  for (const std::string text : {"", "plain", "caf\xC3\xA9", "\xE2\x82\xAC 5", "\xF0\x9F\x98\x80",
                                 "12345678\xC3\xA9 12345678", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
}

TEST(IsUtf8, RefusesEveryKindOfBrokenSequence) {
  for (const std::string text :
       {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80",
        "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "12345678\xE9tage"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

std::optional<std::string> Normalized(absl::string_view text) {
  std::string buffer;
  const auto normalized = NormalizeText(text, buffer);
  if (!normalized.has_value()) return std::nullopt;
  return std::string(*normalized);
}

TEST(NormalizeText, CountsCharactersNotBytes) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "\xC3\xA9";
  EXPECT_EQ(Normalized(hundred), hundred);
  EXPECT_EQ(Normalized(hundred + "x"), std::nullopt);
  EXPECT_EQ(Normalized(std::string(101, 'x')), std::nullopt);
}

TEST(NormalizeText, GivesTheFormTheServerKeeps) {
  EXPECT_EQ(Normalized("tea 1"), "tea 1");
  EXPECT_EQ(Normalized(" tea\xC2\xA0"), "tea");
  EXPECT_EQ(Normalized("cafe\xCC\x81"), "caf\xC3\xA9");
  EXPECT_EQ(Normalized(" \xE3\x80\x80 "), "");
  EXPECT_EQ(Normalized(""), "");
}

TEST(NormalizeText, RefusesControlCharactersOfAsciiAndOfUnicode) {
  EXPECT_EQ(Normalized("a\nb"), std::nullopt);
  EXPECT_EQ(Normalized(absl::string_view("a\0b", 3)), std::nullopt);
  EXPECT_EQ(Normalized("a\xC2\x80z"), std::nullopt);
}

TEST(Slug, MakesEachRunOfOtherCharactersOneHyphen) {
  EXPECT_EQ(Slug("17850.0"), "17850-0");
  EXPECT_EQ(Slug("Abbey O'Reilly"), "abbey-o-reilly");
  EXPECT_EQ(Slug("  --A  (b)! "), "a-b");
  EXPECT_EQ(Slug("\xC3\x89lodie"), "lodie");
  EXPECT_EQ(Slug("***"), "");
  EXPECT_EQ(Slug(""), "");
}

TEST(ParseCivilTime, TakesADateOrADateAndTimeAsUtc) {
  EXPECT_EQ(ParseCivilTime("2010-12-01 08:26:05"), Utc(2010, 12, 1, 8, 26, 5));
  EXPECT_EQ(ParseCivilTime("2004-02-29"), Utc(2004, 2, 29));
}

TEST(ParseCivilTime, RefusesWhatDoesNotExist) {
  for (const char* text :
       {"", "2010-13-01", "2010-00-10", "2010-02-29", "2010-01-32", "2010-01-01 24:00:00",
        "2010-01-01 10:60:00", "2010-01-01 10:00:60", "2010/01/01", "2010-01-01T10:00:00",
        "2010-01-0a", "1899-12-31", "2200-01-01", "2010-01-01 10:00", "-010-01-01"}) {
    EXPECT_EQ(ParseCivilTime(text), std::nullopt) << text;
  }
}

TEST(ParseCompactDate, TakesEightDigits) {
  EXPECT_EQ(ParseCompactDate("19970118"), Utc(1997, 1, 18));
  for (const char* text : {"", "1997011", "199701189", "19970230", "1997 118"}) {
    EXPECT_EQ(ParseCompactDate(text), std::nullopt) << text;
  }
}

TEST(ParseTimeText, AlsoTakesRfc3339) {
  EXPECT_EQ(ParseTimeText("2024-05-01T10:00:00Z"), Utc(2024, 5, 1, 10));
  EXPECT_EQ(ParseTimeText("2024-05-01T10:00:00.25+02:00"),
            Utc(2024, 5, 1, 8) + absl::Milliseconds(250));
  EXPECT_EQ(ParseTimeText("2024-05-01 10:00:00"), Utc(2024, 5, 1, 10));
  for (const char* text : {"infinite-future", " 2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z ",
                           "2024-05-01T10:00:00", "9999-05-01T10:00:00Z", "2024-05-01T25:00:00Z"}) {
    EXPECT_EQ(ParseTimeText(text), std::nullopt) << text;
  }
}

TEST(StringPool, GivesEqualTextsOneView) {
  StringPool pool;
  const std::string text = "85123A";
  const absl::string_view first = pool.Intern(text);
  EXPECT_EQ(pool.Intern(std::string("85123A")).data(), first.data());
  EXPECT_NE(first.data(), text.data());
  EXPECT_EQ(pool.Intern(""), "");
}

TEST(StringPool, KeepsItsViewsWhenItGrows) {
  StringPool pool;
  const absl::string_view first = pool.Intern("first");
  const std::string large(200'000, 'x');
  EXPECT_EQ(pool.Intern(large), large);
  for (int i = 0; i < 50'000; ++i) pool.Intern(std::to_string(i));
  EXPECT_EQ(first, "first");
  EXPECT_EQ(pool.Intern("first").data(), first.data());
}

}  // namespace
}  // namespace clientele::cli
