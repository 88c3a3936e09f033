#include "common/observability/log.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/observability/log_line.h"

namespace clientele {

void FdLogSink::Write(absl::string_view line) {
  std::lock_guard<std::mutex> lock(mutex_);
  ssize_t written = 0;
  do {
    written = ::write(fd_, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
}

Logger::Logger(LogOptions options, const Clock& clock, LogSink& sink)
    : service_(std::move(options.service)),
      clock_(clock),
      sink_(sink),
      level_(options.level),
      repeats_(options.repeats) {}

void Logger::Debug(absl::string_view event, absl::string_view message,
                   absl::Span<const LogField> fields) {
  Log(LogLevel::kDebug, event, message, fields);
}

void Logger::Info(absl::string_view event, absl::string_view message,
                  absl::Span<const LogField> fields) {
  Log(LogLevel::kInfo, event, message, fields);
}

void Logger::Warn(absl::string_view event, absl::string_view message,
                  absl::Span<const LogField> fields) {
  Log(LogLevel::kWarn, event, message, fields);
}

void Logger::Error(absl::string_view event, absl::string_view message,
                   absl::Span<const LogField> fields) {
  Log(LogLevel::kError, event, message, fields);
}

void Logger::Log(LogLevel level, absl::string_view event, absl::string_view message,
                 absl::Span<const LogField> fields) {
  LogOfKind(level, event, message, "", fields);
}

void Logger::LogOfKind(LogLevel level, absl::string_view event, absl::string_view message,
                       absl::string_view kind, absl::Span<const LogField> fields) {
  if (!IsEnabled(level)) {
    return;
  }
  const absl::Time now = clock_.Now();
  const RepeatDecision decision = repeats_.Decide(event, message, kind, now);
  if (!decision.write) {
    return;
  }
  const LogLineHead head{now, level, service_, event, message};
  sink_.Write(FormatLogLine(head, fields, decision.suppressed_count));
}

void Logger::LogEvery(LogLevel level, absl::string_view event, absl::string_view message,
                      absl::Span<const LogField> fields) {
  if (IsEnabled(level)) {
    const LogLineHead head{clock_.Now(), level, service_, event, message};
    sink_.Write(FormatLogLine(head, fields, 0));
  }
}

bool Logger::IsEnabled(LogLevel level) const {
  return level >= level_.load(std::memory_order_relaxed);
}

void Logger::SetLevel(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

}  // namespace clientele
