#include "common/observability/log_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr absl::string_view kTail = ",\"truncated\":true}\n";
constexpr std::array<absl::string_view, 7> kFixedKeys = {
    "time", "level", "service", "event", "message", "suppressed", "truncated"};

bool IsWord(absl::string_view text) {
  const auto is_word_byte = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), is_word_byte);
}

std::string Quote(absl::string_view text) {
  return nlohmann::json(std::string(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Builds the line and remembers whether anything was left out.
class LineBuilder {
 public:
  // Escaping grows a byte to six at worst, so text is cut until its quoted form fits.
  void AddText(absl::string_view key, absl::string_view value) {
    absl::string_view cut = value.substr(0, kLogValueBytesMax);
    std::string quoted = Quote(cut);
    while (quoted.size() > kLogValueBytesMax + 2) {
      cut = cut.substr(0, cut.size() * kLogValueBytesMax / quoted.size());
      quoted = Quote(cut);
    }
    truncated_ = truncated_ || cut.size() < value.size();
    AddRaw(key, quoted);
  }

  void AddRaw(absl::string_view key, absl::string_view json) {
    const size_t grown_bytes = line_.size() + key.size() + json.size() + 4;
    if (grown_bytes + kTail.size() > kLogLineBytesMax) {
      truncated_ = true;
      return;
    }
    absl::StrAppend(&line_, line_.empty() ? "{\"" : ",\"", key, "\":", json);
  }

  void AddField(const LogField& field) {
    CLIENTELE_CHECK(IsWord(field.key()));
    CLIENTELE_CHECK(std::find(kFixedKeys.begin(), kFixedKeys.end(), field.key()) ==
                    kFixedKeys.end());
    if (const auto* text = std::get_if<absl::string_view>(&field.value())) {
      AddText(field.key(), *text);
    } else if (const auto* truth = std::get_if<bool>(&field.value())) {
      AddRaw(field.key(), *truth ? "true" : "false");
    } else if (const auto* number = std::get_if<double>(&field.value())) {
      // JSON has no NaN and no infinity.
      AddRaw(field.key(), std::isfinite(*number) ? nlohmann::json(*number).dump() : "null");
    } else {
      AddRaw(field.key(), absl::StrCat(std::get<int64_t>(field.value())));
    }
  }

  std::string Finish() && {
    absl::StrAppend(&line_, truncated_ ? kTail : "}\n");
    return std::move(line_);
  }

 private:
  std::string line_;
  bool truncated_ = false;
};

}  // namespace

absl::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::optional<LogLevel> LogLevelFromName(absl::string_view name) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (LogLevelName(level) == name) {
      return level;
    }
  }
  return std::nullopt;
}

std::string FormatLogLine(const LogLineHead& head, absl::Span<const LogField> fields,
                          int64_t suppressed_count) {
  CLIENTELE_CHECK(IsWord(head.event));
  LineBuilder line;
  line.AddText("time",
               absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%E6SZ", head.time, absl::UTCTimeZone()));
  line.AddText("level", LogLevelName(head.level));
  line.AddText("service", head.service);
  line.AddText("event", head.event);
  line.AddText("message", head.message);
  if (suppressed_count > 0) {
    line.AddRaw("suppressed", absl::StrCat(suppressed_count));
  }
  for (const LogField& field : fields) {
    line.AddField(field);
  }
  return std::move(line).Finish();
}

}  // namespace clientele
