#include "common/rpc/traceparent.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace clientele::rpc {
namespace {

constexpr absl::string_view kVersion = "00-";
constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
constexpr size_t kFlagDigits = 2;
constexpr size_t kSpanStart = kVersion.size() + kTraceDigits + 1;
constexpr size_t kFlagsStart = kSpanStart + kSpanDigits + 1;
constexpr size_t kLength = kFlagsStart + kFlagDigits;

bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
  });
}

bool IsId(absl::string_view text) {
  return IsHex(text) && std::any_of(text.begin(), text.end(), [](char c) { return c != '0'; });
}

}  // namespace

bool IsTraceparent(absl::string_view text) {
  return text.size() == kLength && absl::StartsWith(text, kVersion) && IsId(TraceIdOf(text)) &&
         text[kSpanStart - 1] == '-' && IsId(text.substr(kSpanStart, kSpanDigits)) &&
         text[kFlagsStart - 1] == '-' && IsHex(text.substr(kFlagsStart));
}

absl::string_view TraceIdOf(absl::string_view traceparent) {
  return traceparent.empty() ? "" : traceparent.substr(kVersion.size(), kTraceDigits);
}

}  // namespace clientele::rpc
