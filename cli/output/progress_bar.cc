#include "cli/output/progress_bar.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/output/table.h"

namespace clientele::cli {
namespace {

constexpr int kColumns = 30;
constexpr absl::Duration kRedraw = absl::Milliseconds(100);

}  // namespace

ProgressBar::ProgressBar(std::FILE* stream, bool wanted)
    : stream_(stream), active_(wanted && isatty(fileno(stream)) == 1) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Update(absl::string_view label, int64_t done, int64_t total) {
  const absl::Time now = absl::Now();
  if (!active_ || now < next_draw_time_) {
    return;
  }
  next_draw_time_ = now + kRedraw;
  std::string line = absl::StrCat("\r\x1b[K", label, "  ", WithSeparators(done));
  if (total > 0) {
    absl::StrAppend(&line, " / ", WithSeparators(total), "  ", Bar(done, total, kColumns));
  }
  std::fputs(line.c_str(), stream_);
  std::fflush(stream_);
  drawn_ = true;
}

void ProgressBar::Clear() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stream_);
    std::fflush(stream_);
    drawn_ = false;
  }
}

}  // namespace clientele::cli
