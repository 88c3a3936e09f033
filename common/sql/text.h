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

// The text, of static storage.
template <Text kText>
inline constexpr absl::string_view kTextOf{kText.chars, sizeof(kText.chars) - 1};

}  // namespace clientele::sql

#endif  // COMMON_SQL_TEXT_H_
