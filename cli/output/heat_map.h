#ifndef CLI_OUTPUT_HEAT_MAP_H_
#define CLI_OUTPUT_HEAT_MAP_H_

// A grid of numbers in which large ones stand out: by a shade of blocks before each number, or on a
// terminal by the colour behind it. The numbers are always there.

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// How cells show their weight.
enum class Shading { kBlocks, kColours };

// kColours when `stream` is a terminal.
Shading ShadingFor(std::FILE* stream);

// A map that is laid out when it is printed.
class HeatMap {
 public:
  // `corner` stands above the row titles.
  HeatMap(absl::string_view corner, std::vector<std::string> column_titles);

  struct Cell {
    int64_t weight = 0;  // against the largest of the map; 0 or less = no shade
    std::string text;
  };

  // Adds a row with one cell per column (CHECK).
  void Row(absl::string_view title, std::vector<Cell> cells);

  // The whole map and, with blocks, what they mean; each line ended by '\n'.
  std::string ToString(Shading shading) const;

 private:
  // 0 = no weight, then 1..4 for each quarter of the largest weight.
  int LevelOf(const Cell& cell) const;
  std::vector<int> ColumnWidths() const;

  std::string corner_;
  std::vector<std::string> column_titles_;
  std::vector<std::pair<std::string, std::vector<Cell>>> rows_;
  int64_t largest_weight_ = 0;
};

}  // namespace clientele::cli

#endif  // CLI_OUTPUT_HEAT_MAP_H_
