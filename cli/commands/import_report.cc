#include "cli/commands/import_report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "cli/output/table.h"

namespace clientele::cli {
namespace {

nlohmann::ordered_json ReportJson(int64_t rows_read, const std::vector<ImportedThings>& things,
                                  const Rejections& rejections, absl::Duration elapsed) {
  nlohmann::ordered_json report = {{"rows_read", rows_read}};
  for (const ImportedThings& each : things) {
    report[each.json_key] = each.count;
  }
  report["rows_rejected"] = nlohmann::ordered_json::object();
  for (const auto& [reason, row_count] : rejections.RowCounts()) {
    report["rows_rejected"][reason] = row_count;
  }
  report["seconds"] = std::round(absl::ToDoubleSeconds(elapsed) * 1000) / 1000;
  return report;
}

std::string ReportText(int64_t rows_read, const std::vector<ImportedThings>& things,
                       const Rejections& rejections, absl::Duration elapsed) {
  Table table;
  table.Column("what").Column("new", Align::kRight).Column("there already", Align::kRight);
  for (const ImportedThings& each : things) {
    table.Row({each.name, WithSeparators(each.count),
               each.done_before.has_value() ? WithSeparators(*each.done_before) : ""});
  }
  return absl::StrCat(rejections.ToText(), WithSeparators(rows_read), " rows read in ",
                      absl::FormatDuration(absl::Trunc(elapsed, absl::Milliseconds(1))), "\n",
                      table.ToString());
}

}  // namespace

void PrintImportReport(int64_t rows_read, const std::vector<ImportedThings>& things,
                       const Rejections& rejections, absl::Duration elapsed,
                       const Environment& environment) {
  if (!environment.json) {
    environment.Print(ReportText(rows_read, things, rejections, elapsed));
    return;
  }
  environment.PrintJson(ReportJson(rows_read, things, rejections, elapsed));
  if (const std::string text = rejections.ToText(); !text.empty()) {
    environment.Note(text);
  }
}

}  // namespace clientele::cli
