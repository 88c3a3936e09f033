#include "cli/output/heat_map.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/output/table.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr int kLevels = 4;
constexpr const char* kBlocks[kLevels + 1] = {"  ", "░░", "▒▒", "▓▓", "██"};
constexpr int kBlockColumns = 2;
// Greens of the 256-colour palette, readable under black text.
constexpr int kColours[kLevels + 1] = {0, 194, 157, 114, 71};
constexpr char kLegend[] =
    "░░ under 25 %  ▒▒ under 50 %  ▓▓ under 75 %  ██ up to 100 % of the largest\n";

std::string PadLeft(absl::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(std::string(static_cast<size_t>(missing), ' '), text);
}

std::string CellText(absl::string_view text, int width, int level, Shading shading) {
  if (shading == Shading::kBlocks) {
    return absl::StrCat("  ", kBlocks[level], " ", PadLeft(text, width - kBlockColumns - 1));
  }
  const std::string padded = absl::StrCat(" ", PadLeft(text, width - 1), " ");
  return level == 0
             ? absl::StrCat(" ", padded)
             : absl::StrCat(" \x1b[48;5;", kColours[level], "m\x1b[38;5;16m", padded, "\x1b[0m");
}

}  // namespace

Shading ShadingFor(std::FILE* stream) {
  return isatty(fileno(stream)) == 1 ? Shading::kColours : Shading::kBlocks;
}

HeatMap::HeatMap(absl::string_view corner, std::vector<std::string> column_titles)
    : corner_(corner), column_titles_(std::move(column_titles)) {}

void HeatMap::Row(absl::string_view title, std::vector<Cell> cells) {
  CLIENTELE_CHECK(cells.size() == column_titles_.size());
  for (const Cell& cell : cells) {
    largest_weight_ = std::max(largest_weight_, cell.weight);
  }
  rows_.emplace_back(title, std::move(cells));
}

std::string HeatMap::ToString(Shading shading) const {
  int title_width = DisplayWidth(corner_);
  for (const auto& [title, cells] : rows_) {
    title_width = std::max(title_width, DisplayWidth(title));
  }
  const bool coloured = shading == Shading::kColours;
  const std::vector<int> widths = ColumnWidths();
  std::string out = PadLeft(corner_, title_width);
  for (size_t i = 0; i < widths.size(); ++i) {
    // A colour reaches one column beyond its number.
    absl::StrAppend(&out, coloured ? " " : "  ", PadLeft(column_titles_[i], widths[i]),
                    coloured ? " " : "");
  }
  absl::StrAppend(&out, "\n");
  for (const auto& [title, cells] : rows_) {
    std::string line = PadLeft(title, title_width);
    for (size_t i = 0; i < widths.size(); ++i) {
      line += CellText(cells[i].text, widths[i], LevelOf(cells[i]), shading);
    }
    absl::StrAppend(&out, line, "\n");
  }
  return coloured ? out : absl::StrCat(out, kLegend);
}

int HeatMap::LevelOf(const Cell& cell) const {
  if (cell.weight <= 0) {
    return 0;
  }
  const double share = static_cast<double>(cell.weight) / static_cast<double>(largest_weight_);
  return std::min(kLevels, 1 + static_cast<int>(share * kLevels));
}

std::vector<int> HeatMap::ColumnWidths() const {
  std::vector<int> widths;
  for (size_t i = 0; i < column_titles_.size(); ++i) {
    int width = DisplayWidth(column_titles_[i]);
    for (const auto& [title, cells] : rows_) {
      width = std::max(width, DisplayWidth(cells[i].text) + kBlockColumns + 1);
    }
    widths.push_back(width);
  }
  return widths;
}

}  // namespace clientele::cli
