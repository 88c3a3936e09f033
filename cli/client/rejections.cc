#include "cli/client/rejections.h"

#include "absl/strings/str_cat.h"
#include "cli/import/limits.h"
#include "cli/output/table.h"

namespace clientele::cli {

void Rejections::AddAll(const RejectedRows& rows) {
  for (size_t i = 0; i < kRejectReasonCount; ++i) {
    const auto reason = static_cast<RejectReason>(i);
    if (rows.count(reason) > 0) {
      reasons_[std::string(ToString(reason))].row_count += rows.count(reason);
    }
  }
  for (const RejectedRow& row : rows.listed()) {
    std::vector<Row>& listed = reasons_[std::string(ToString(row.rejection.reason))].listed;
    if (static_cast<int64_t>(listed.size()) < kRejectedRowsListedMax) {
      listed.push_back({row.line_number, std::string(row.rejection.detail)});
    }
  }
}

void Rejections::Add(absl::string_view reason, absl::string_view detail,
                     absl::Span<const int64_t> line_numbers) {
  if (line_numbers.empty()) {
    return;  // a reason is listed for its rows only
  }
  Reason& entry = reasons_[std::string(reason)];
  for (const int64_t line_number : line_numbers) {
    if (++entry.row_count <= kRejectedRowsListedMax) {
      entry.listed.push_back({line_number, std::string(detail)});
    }
  }
}

std::map<std::string, int64_t> Rejections::RowCounts() const {
  std::map<std::string, int64_t> counts;
  for (const auto& [reason, entry] : reasons_) {
    counts[reason] = entry.row_count;
  }
  return counts;
}

std::string Rejections::ToText() const {
  std::string text;
  for (const auto& [reason, entry] : reasons_) {
    absl::StrAppend(&text, "rejected: ", reason, ", ", WithSeparators(entry.row_count),
                    entry.row_count == 1 ? " row" : " rows");
    if (entry.row_count > static_cast<int64_t>(entry.listed.size())) {
      absl::StrAppend(&text, ", the first ", entry.listed.size());
    }
    // Rows with the same detail share a line of text.
    absl::string_view detail;
    for (const Row& row : entry.listed) {
      const bool first = &row == entry.listed.data();
      if (first || row.detail != detail) {
        absl::StrAppend(&text, "\n  ", row.detail, row.detail.empty() ? "" : ": ", "line ");
      } else {
        absl::StrAppend(&text, ", ");
      }
      absl::StrAppend(&text, row.line_number);
      detail = row.detail;
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace clientele::cli
