#ifndef COMMON_SQL_TEXT_H_
#define COMMON_SQL_TEXT_H_

// SQL text put together when it is compiled, so that a list of columns is written once:
//
//   inline constexpr sql::Text kColumns = "customer_id, number";
//   inline constexpr sql::Statement kSelect{"Select",
//                                           sql::kTextOf<"SELECT " + kColumns + " FROM thing">};

#include <cstddef>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// The text of string literals. Its members are public because only then it can be a template
// argument.
template <size_t kSize>  // in bytes, with the NUL at the end
struct Text {
  constexpr Text() = default;
  // Implicit, so that literals and texts can be added.
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Text(const char (&literal)[kSize]) { Put(literal, kSize, 0); }

  constexpr void Put(const char* from, size_t count, size_t at) {
    for (size_t i = 0; i < count; ++i) {
      chars[at + i] = from[i];
    }
  }

  char chars[kSize] = {};
};

template <size_t kLeft, size_t kRight>
constexpr Text<kLeft + kRight - 1> operator+(const Text<kLeft>& left, const Text<kRight>& right) {
  Text<kLeft + kRight - 1> joined;
  joined.Put(left.chars, kLeft - 1, 0);
  joined.Put(right.chars, kRight, kLeft - 1);
  return joined;
}

template <size_t kLeft, size_t kRight>
constexpr auto operator+(const char (&left)[kLeft], const Text<kRight>& right) {
  return Text(left) + right;
}

template <size_t kLeft, size_t kRight>
constexpr auto operator+(const Text<kLeft>& left, const char (&right)[kRight]) {
  return left + Text(right);
}

// "$1, $2, …, $<kCount>"; grouped, "($1, $2), ($3, $4), …".
template <size_t kCount, size_t kGroup = 0>
constexpr auto Parameters() {
  constexpr auto kDigitsOf = [](size_t number) {
    size_t digits = 1;
    for (; number >= 10; number /= 10) {
      ++digits;
    }
    return digits;
  };
  constexpr size_t kSize = [kDigitsOf] {
    size_t size = 0;
    for (size_t i = 1; i <= kCount; ++i) {
      size += sizeof(", $") - 1 + kDigitsOf(i);
    }
    // The first has no comma before it; each group its parentheses; the NUL at the end.
    return size - 2 + (kGroup == 0 ? 0 : 2 * (kCount / kGroup)) + 1;
  }();
  Text<kSize> text;
  size_t at = 0;
  const auto put = [&text, &at](const char* chars, size_t count) {
    text.Put(chars, count, at);
    at += count;
  };
  for (size_t i = 1; i <= kCount; ++i) {
    put(", ", i == 1 ? 0 : 2);
    put("(", kGroup != 0 && (i - 1) % kGroup == 0 ? 1 : 0);
    put("$", 1);
    for (size_t digits = kDigitsOf(i), power = 1; digits > 0; --digits, power = 1) {
      for (size_t k = 1; k < digits; ++k) {
        power *= 10;
      }
      const char digit = static_cast<char>('0' + i / power % 10);
      put(&digit, 1);
    }
    put(")", kGroup != 0 && i % kGroup == 0 ? 1 : 0);
  }
  return text;
}

// The text, of static storage.
template <Text kText>
inline constexpr absl::string_view kTextOf{kText.chars, sizeof(kText.chars) - 1};

}  // namespace clientele::sql

#endif  // COMMON_SQL_TEXT_H_
