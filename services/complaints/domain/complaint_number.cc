#include "services/complaints/domain/complaint_number.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace clientele::complaints {
namespace {

constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kBase = 32;
constexpr int kRandomCharacters = 9;
constexpr int kBitsPerCharacter = 5;
constexpr size_t kCharacters = kRandomCharacters + 1;
constexpr size_t kGroup = 5;                           // characters before the dash
constexpr size_t kSpellingBytesMax = 4 * kCharacters;  // more than dashes and blanks explain

// Luhn's check digit in base 32, so that the check character comes from the same alphabet.
int CheckDigit(const std::vector<int>& digits) {
  int sum = 0;
  bool doubled = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int addend = doubled ? 2 * *digit : *digit;
    sum += addend / kBase + addend % kBase;
    doubled = !doubled;
  }
  return (kBase - sum % kBase) % kBase;
}

std::string Write(const std::vector<int>& digits) {
  std::string text;
  for (const int digit : digits) {
    if (text.size() == kGroup) {
      text.push_back('-');
    }
    text.push_back(kAlphabet[static_cast<size_t>(digit)]);
  }
  return text;
}

// -1 when the character means nothing.
int DigitOf(char character) {
  char upper = absl::ascii_toupper(static_cast<unsigned char>(character));
  if (upper == 'O') {
    upper = '0';
  } else if (upper == 'I' || upper == 'L') {
    upper = '1';
  }
  const size_t digit = kAlphabet.find(upper);
  return digit == absl::string_view::npos ? -1 : static_cast<int>(digit);
}

}  // namespace

std::string MakeComplaintNumber(uint64_t entropy) {
  std::vector<int> digits;
  for (int i = 0; i < kRandomCharacters; ++i) {
    digits.push_back(static_cast<int>(entropy % kBase));
    entropy >>= kBitsPerCharacter;
  }
  digits.push_back(CheckDigit(digits));
  return Write(digits);
}

std::optional<std::string> ParseComplaintNumber(absl::string_view text) {
  if (text.size() > kSpellingBytesMax) {
    return std::nullopt;
  }
  std::vector<int> digits;
  for (const char character : text) {
    if (character == '-' || character == ' ') {
      continue;
    }
    digits.push_back(DigitOf(character));
    if (digits.back() < 0 || digits.size() > kCharacters) {
      return std::nullopt;
    }
  }
  if (digits.size() != kCharacters) {
    return std::nullopt;
  }
  const int check = digits.back();
  digits.pop_back();
  if (CheckDigit(digits) != check) {
    return std::nullopt;
  }
  digits.push_back(check);
  return Write(digits);
}

}  // namespace clientele::complaints
