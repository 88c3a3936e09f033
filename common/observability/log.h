#ifndef COMMON_OBSERVABILITY_LOG_H_
#define COMMON_OBSERVABILITY_LOG_H_

// Structured logs: one JSON object a line, with fixed keys first and typed fields after them.
//
//   logger.Warn("feed_reconnect", "the feed of another service is unreachable",
//               {{"source", source}, {"attempt", attempt}});
//
//   {"time":"2011-12-10T08:26:00.000000Z","level":"warn","service":"segmentation",
//    "event":"feed_reconnect","message":"the feed …","source":"profile","attempt":3}
//
// Calls: every write, slow call and error of the server; other failures, as far as the limit on
// repeats of their method and code allows; of the reads that went well a sample
// (common/server/call_reports.h). Jobs: each round that failed, and each that did something, as far
// as the limit allows; what follows writes without end (sequencer, audit log, consumers) and what
// only reads (measuring, checking) says no more than that it failed, or what it found wrong
// (ADR 129).
//
// No personal data: `event`, `message` and keys are constants in the code; what varies goes into
// fields, and only ids, counts, names of ours, codes and durations are fields. Never log a request,
// an attribute value or the text of a foreign error.
//
// Thread safety: everything here is thread-safe. A Logger is passed by reference; there is none
// that is global.

#include <atomic>
#include <concepts>
#include <cstdint>
#include <mutex>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/observability/repeat_limiter.h"
#include "common/time/clock.h"

namespace clientele {

// A line is written to a pipe in one piece, whoever else writes to it, up to PIPE_BUF on Linux.
inline constexpr int kLogLineBytesMax = 4096;
// One message or text value; the rest of it is cut off and the line says "truncated":true.
inline constexpr int kLogValueBytesMax = 1024;

enum class LogLevel { kDebug, kInfo, kWarn, kError };

// One typed field. The key matches [a-z][a-z0-9_]* and is none of the fixed keys (CHECK); text is a
// view that must outlive the call.
class LogField {
 public:
  LogField(absl::string_view key, absl::string_view value) : key_(key), value_(value) {}
  LogField(absl::string_view key, const char* value) : LogField(key, absl::string_view(value)) {}
  LogField(absl::string_view key, const std::string& value)
      : LogField(key, absl::string_view(value)) {}
  LogField(absl::string_view key, bool value) : key_(key), value_(value) {}
  LogField(absl::string_view key, double value) : key_(key), value_(value) {}
  template <std::integral Integer>
  LogField(absl::string_view key, Integer value) : key_(key), value_(static_cast<int64_t>(value)) {}

  absl::string_view key() const { return key_; }
  const std::variant<absl::string_view, bool, double, int64_t>& value() const { return value_; }

 private:
  absl::string_view key_;
  std::variant<absl::string_view, bool, double, int64_t> value_;
};

// Where lines go.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // Takes one line that ends in '\n'; never fails: a line that cannot be written is lost.
  virtual void Write(absl::string_view line) = 0;
};

// Writes to a file descriptor, each line with one write(2). Shared by the loggers of a process.
class FdLogSink final : public LogSink {
 public:
  // `fd` is not owned and must stay open; 2 is standard error.
  explicit FdLogSink(int fd) : fd_(fd) {}
  void Write(absl::string_view line) override;

 private:
  const int fd_;
  std::mutex mutex_;
};

struct LogOptions {
  std::string service;  // the value of the key "service"
  LogLevel level = LogLevel::kInfo;
  // The same event and message is written at most so often per interval; the next line of its kind
  // after that says how many were "suppressed".
  RepeatLimits repeats;
};

class Logger {
 public:
  // `clock` and `sink` must outlive the logger.
  Logger(LogOptions options, const Clock& clock, LogSink& sink);

  void Debug(absl::string_view event, absl::string_view message,
             absl::Span<const LogField> fields = {});
  void Info(absl::string_view event, absl::string_view message,
            absl::Span<const LogField> fields = {});
  void Warn(absl::string_view event, absl::string_view message,
            absl::Span<const LogField> fields = {});
  void Error(absl::string_view event, absl::string_view message,
             absl::Span<const LogField> fields = {});

  // `event` matches [a-z][a-z0-9_]* (CHECK).
  void Log(LogLevel level, absl::string_view event, absl::string_view message,
           absl::Span<const LogField> fields);

  // The same with a limit for each `kind`, one of few (a method and a code, say), where one message
  // stands for all of them.
  void LogOfKind(LogLevel level, absl::string_view event, absl::string_view message,
                 absl::string_view kind, absl::Span<const LogField> fields);

  // The same without the limit on repeats: for what has to be complete (every write, every run).
  void LogEvery(LogLevel level, absl::string_view event, absl::string_view message,
                absl::Span<const LogField> fields);

  // Whether a line of `level` would be written, for fields that cost something to find out.
  bool IsEnabled(LogLevel level) const;
  // Takes effect on the next line (reloaded configuration).
  void SetLevel(LogLevel level);

 private:
  const std::string service_;
  const Clock& clock_;
  LogSink& sink_;
  std::atomic<LogLevel> level_;
  RepeatLimiter repeats_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_LOG_H_
