#include "common/text/text.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

constexpr absl::string_view kComposed = "Caf\xc3\xa9";     // é as one character
constexpr absl::string_view kDecomposed = "Cafe\xcc\x81";  // e and a combining accent
constexpr absl::string_view kNoBreakSpace = "\xc2\xa0";    // U+00A0
constexpr absl::string_view kStar = "\xf0\x9f\x8c\x9f";    // U+1F31F, four bytes

// The descriptions of every violation that `text` meets.
std::vector<std::string> Describe(absl::string_view text, int64_t characters_max,
                                  ControlCharacters allowed = ControlCharacters::kRefuse) {
  Violations violations;
  ValidateText("display_name", text, characters_max, violations, allowed);
  std::vector<std::string> descriptions;
  for (const FieldViolation& violation : violations.all()) {
    EXPECT_EQ(violation.field, "display_name");
    descriptions.push_back(violation.description);
  }
  return descriptions;
}

TEST(Text, TellsUtf8FromOtherBytes) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8(kComposed));
  EXPECT_TRUE(IsValidUtf8(kStar));
  EXPECT_FALSE(IsValidUtf8("\xff"));
  EXPECT_FALSE(IsValidUtf8("\xc3"));
  EXPECT_FALSE(IsValidUtf8("\xc0\x80"));      // overlong
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));  // a surrogate
  EXPECT_FALSE(IsValidUtf8("\xf4\x90\x80\x80"));
}

TEST(Text, CountsCharactersAndNotBytes) {
  EXPECT_EQ(CountCharacters(""), 0);
  EXPECT_EQ(CountCharacters(kComposed), 4);
  EXPECT_EQ(CountCharacters(kStar), 1);
  EXPECT_EQ(CountCharacters("a\xff"
                            "b"),
            3);
}

TEST(Text, BringsEqualLookingTextToOneForm) {
  EXPECT_EQ(NormalizeNfc(kDecomposed).value(), kComposed);
  EXPECT_EQ(NormalizeNfc(kComposed).value(), kComposed);
  EXPECT_EQ(NormalizeNfc("\xff").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Text, TrimsUnicodeWhiteSpaceOnlyAtTheEnds) {
  EXPECT_EQ(TrimWhiteSpace("  a b\t\n"), "a b");
  EXPECT_EQ(TrimWhiteSpace(std::string(kNoBreakSpace) + "a" + std::string(kNoBreakSpace)), "a");
  EXPECT_EQ(TrimWhiteSpace(" \t "), "");
  EXPECT_EQ(TrimWhiteSpace(""), "");
  EXPECT_EQ(TrimWhiteSpace(" \xff "), "\xff");
}

TEST(Text, FindsControlCharacters) {
  EXPECT_FALSE(HasForbiddenControl(kComposed, ControlCharacters::kRefuse));
  EXPECT_TRUE(HasForbiddenControl("a\nb", ControlCharacters::kRefuse));
  EXPECT_FALSE(HasForbiddenControl("a\tb\r\n", ControlCharacters::kAllowLayout));
  EXPECT_TRUE(HasForbiddenControl("a\x1b[31m", ControlCharacters::kAllowLayout));
  EXPECT_TRUE(HasForbiddenControl("a\x7f", ControlCharacters::kAllowLayout));
  EXPECT_TRUE(HasForbiddenControl("a\xc2\x85", ControlCharacters::kAllowLayout));  // U+0085
  EXPECT_TRUE(HasForbiddenControl(absl::string_view("a\0b", 3), ControlCharacters::kAllowLayout));
}

TEST(ValidateText, ReturnsTheTextTrimmedAndNormalised) {
  Violations violations;
  EXPECT_EQ(ValidateText("name", std::string("  ") + std::string(kDecomposed) + " ", 4, violations),
            kComposed);
  EXPECT_EQ(ValidateText("name", "", 4, violations), "");
  EXPECT_EQ(ValidateText("name", "a\nb", 4, violations, ControlCharacters::kAllowLayout), "a\nb");
  EXPECT_TRUE(violations.empty());
}

TEST(ValidateText, MeasuresTheLengthAfterNormalisation) {
  EXPECT_THAT(Describe(kDecomposed, 4), testing::IsEmpty());
  EXPECT_THAT(Describe(kDecomposed, 3), testing::ElementsAre("must not exceed 3 characters"));
}

TEST(ValidateText, ListsEveryViolationOfOneText) {
  EXPECT_THAT(
      Describe("a\x01"
               "bcd",
               3),
      testing::ElementsAre("must not contain control characters", "must not exceed 3 characters"));
  EXPECT_THAT(Describe("\xff", 3), testing::ElementsAre("must be UTF-8"));
}

TEST(ValidateText, RefusesHugeTextWithoutNormalisingIt) {
  EXPECT_THAT(Describe(std::string(1'000'000, '\xff'), 3),
              testing::ElementsAre("must not exceed 3 characters"));
}

TEST(ValidateText, ReturnsNothingThatBreaksItsOwnRules) {
  std::mt19937 random(20260728);
  const std::vector<std::string> pieces = {
      "a",    " ",    "\xc3\xa9",           "e\xcc\x81",        "\n",
      "\xff", "\x7f", std::string(1, '\0'), "\xf0\x9f\x8c\x9f", "\xc2\xa0"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t length = random() % 12; length > 0; --length) {
      text += pieces[random() % pieces.size()];
    }
    Violations violations;
    const std::string clean = ValidateText("name", text, 6, violations);
    ASSERT_TRUE(IsValidUtf8(clean));
    ASSERT_LE(CountCharacters(clean), 6);
    ASSERT_FALSE(HasForbiddenControl(clean, ControlCharacters::kRefuse));
    ASSERT_EQ(TrimWhiteSpace(clean), clean);
    ASSERT_EQ(NormalizeNfc(clean).value(), clean);
  }
}

}  // namespace
}  // namespace clientele
