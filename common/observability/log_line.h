#ifndef COMMON_OBSERVABILITY_LOG_LINE_H_
#define COMMON_OBSERVABILITY_LOG_LINE_H_

// The text of one log line. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/observability/log.h"

namespace clientele {

// The fixed keys of a line, in their order.
struct LogLineHead {
  absl::Time time;
  LogLevel level;
  absl::string_view service;
  absl::string_view event;
  absl::string_view message;
};

// "debug", "info", "warn" or "error".
absl::string_view LogLevelName(LogLevel level);

// The level of a name; nullopt when it is none.
std::optional<LogLevel> LogLevelFromName(absl::string_view name);

// One JSON object and '\n', at most kLogLineBytesMax bytes. Bytes that are not UTF-8 become U+FFFD.
// A value over kLogValueBytesMax is cut, and fields that no longer fit are left out; either adds
// "truncated":true. `suppressed_count` above 0 adds "suppressed".
std::string FormatLogLine(const LogLineHead& head, absl::Span<const LogField> fields,
                          int64_t suppressed_count);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_LOG_LINE_H_
