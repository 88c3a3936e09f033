#ifndef CLI_OUTPUT_TABLE_H_
#define CLI_OUTPUT_TABLE_H_

// Plain-text tables, bars and a progress bar for people at a terminal.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::cli {

enum class Align { kLeft, kRight };

// A table that is laid out when it is printed. Wide characters (CJK) count as two columns.
class Table {
 public:
  // Adds a column; call before the first row.
  Table& Column(absl::string_view title, Align align = Align::kLeft);

  // Adds a row with one cell per column (CHECK). Control characters are shown as '?'.
  Table& Row(std::vector<std::string> cells);

  // The whole table, each line ended by '\n'.
  std::string ToString() const;

 private:
  struct Heading {
    std::string title;
    Align align;
  };
  std::vector<Heading> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// The columns a terminal gives `text`; CJK and full-width characters take two.
int DisplayWidth(absl::string_view text);

// A bar of at most `columns_max` columns for `value` of `largest`; "" when largest is 0.
std::string Bar(int64_t value, int64_t largest, int columns_max);

// "541909" as "541,909".
std::string WithSeparators(int64_t number);

}  // namespace clientele::cli

#endif  // CLI_OUTPUT_TABLE_H_
