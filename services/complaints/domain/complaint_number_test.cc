#include "services/complaints/domain/complaint_number.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace clientele::complaints {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr uint64_t kEntropy = 0x1234'5678'9abc'def0;

TEST(ComplaintNumber, ReadsWhatItWrites) {
  for (uint64_t entropy : {uint64_t{0}, uint64_t{1}, kEntropy, ~uint64_t{0}}) {
    const std::string number = MakeComplaintNumber(entropy);
    EXPECT_EQ(number.size(), 11u);
    EXPECT_EQ(number[5], '-');
    EXPECT_EQ(ParseComplaintNumber(number), number);
  }
}

TEST(ComplaintNumber, DiffersWithEveryBitUsed) {
  std::set<std::string> numbers;
  for (int bit = 0; bit < 45; ++bit) {
    numbers.insert(MakeComplaintNumber(uint64_t{1} << bit));
  }
  EXPECT_EQ(numbers.size(), 45u);
}

TEST(ComplaintNumber, TakesOtherSpellings) {
  const std::string number = MakeComplaintNumber(0x21);  // "11000-0000x": 1s and 0s
  EXPECT_EQ(ParseComplaintNumber(absl::AsciiStrToLower(number)), number);
  EXPECT_EQ(ParseComplaintNumber(absl::StrReplaceAll(number, {{"-", ""}})), number);
  EXPECT_EQ(ParseComplaintNumber(absl::StrReplaceAll(number, {{"-", " - "}})), number);
  EXPECT_EQ(ParseComplaintNumber(absl::StrReplaceAll(number, {{"1", "l"}, {"0", "o"}})), number);
}

TEST(ComplaintNumber, FindsEveryWrongCharacter) {
  const std::string number = MakeComplaintNumber(kEntropy);
  for (size_t i = 0; i < number.size(); ++i) {
    if (number[i] == '-') continue;
    for (const char other : std::string(kAlphabet)) {
      if (other == number[i]) continue;
      std::string wrong = number;
      wrong[i] = other;
      EXPECT_FALSE(ParseComplaintNumber(wrong).has_value()) << wrong;
    }
  }
}

TEST(ComplaintNumber, RefusesWhatIsNone) {
  for (const char* text : {"", "7K3QZ", "7K3QZ-M0XWD-0", "-----------", "7K3QZ-M0XU!"}) {
    EXPECT_FALSE(ParseComplaintNumber(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseComplaintNumber(std::string(1000, ' ')).has_value());
}

}  // namespace
}  // namespace clientele::complaints
