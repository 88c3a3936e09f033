#include "cli/output/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace clientele::cli {
namespace {

constexpr char kGap[] = "  ";

std::string Printable(absl::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      c = '?';
    }
  }
  return out;
}

std::string Padded(const std::string& text, int width, Align align) {
  const std::string blanks(static_cast<size_t>(std::max(0, width - DisplayWidth(text))), ' ');
  return align == Align::kLeft ? text + blanks : blanks + text;
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    const int kind = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += kind == U_EA_WIDE || kind == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

Table& Table::Column(absl::string_view title, Align align) {
  CLIENTELE_CHECK(rows_.empty());
  headings_.push_back({std::string(title), align});
  return *this;
}

Table& Table::Row(std::vector<std::string> cells) {
  CLIENTELE_CHECK(cells.size() == headings_.size());
  for (std::string& cell : cells) {
    cell = Printable(cell);
  }
  rows_.push_back(std::move(cells));
  return *this;
}

std::string Table::ToString() const {
  std::vector<int> widths;
  std::vector<std::string> titles;
  for (size_t i = 0; i < headings_.size(); ++i) {
    int width = DisplayWidth(headings_[i].title);
    for (const auto& row : rows_) {
      width = std::max(width, DisplayWidth(row[i]));
    }
    widths.push_back(width);
    titles.push_back(headings_[i].title);
  }
  std::string out;
  const auto append = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : kGap, Padded(cells[i], widths[i], headings_[i].align));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&out, line, "\n");
  };
  append(titles);
  for (const auto& row : rows_) {
    append(row);
  }
  return out;
}

std::string Bar(int64_t value, int64_t largest, int columns_max) {
  if (largest <= 0 || value <= 0) {
    return "";
  }
  // Eighth blocks make short bars comparable.
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = static_cast<double>(std::min(value, largest)) / static_cast<double>(largest);
  const int eighths = std::max(1, static_cast<int>(share * columns_max * 8));
  std::string bar;
  for (int i = 0; i < eighths / 8; ++i) {
    bar += "█";
  }
  return bar + kEighths[eighths % 8];
}

std::string WithSeparators(int64_t number) {
  const std::string digits = absl::StrCat(number);
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    const size_t left = digits.size() - i;
    if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') {
      out += ',';
    }
    out += digits[i];
  }
  return out;
}

}  // namespace clientele::cli
