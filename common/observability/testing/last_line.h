#ifndef COMMON_OBSERVABILITY_TESTING_LAST_LINE_H_
#define COMMON_OBSERVABILITY_TESTING_LAST_LINE_H_

// For tests only: what the log said last.

#include <string>

#include "absl/strings/string_view.h"
#include "common/observability/log.h"

namespace clientele {

// Not thread-safe.
class LastLine final : public LogSink {
 public:
  void Write(absl::string_view line) override { text = std::string(line); }

  std::string text;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_TESTING_LAST_LINE_H_
