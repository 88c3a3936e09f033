#ifndef CLI_OUTPUT_PROGRESS_BAR_H_
#define CLI_OUTPUT_PROGRESS_BAR_H_

// One line on a terminal that shows how far long work has come; silent when the stream is no
// terminal.

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::cli {

// Not thread-safe. Does not own the stream.
class ProgressBar {
 public:
  // Draws on `stream` when it is a terminal and `wanted`.
  ProgressBar(std::FILE* stream, bool wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Shows "label  done/total" at most ten times a second; total 0 = not known.
  void Update(absl::string_view label, int64_t done, int64_t total);

  // Wipes the line.
  void Clear();

 private:
  std::FILE* stream_;
  bool active_;
  bool drawn_ = false;
  absl::Time next_draw_time_ = absl::InfinitePast();
};

}  // namespace clientele::cli

#endif  // CLI_OUTPUT_PROGRESS_BAR_H_
