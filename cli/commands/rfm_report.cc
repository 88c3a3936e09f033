#include "cli/commands/rfm_report.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/commands/amount_text.h"
#include "cli/commands/rfm_spec.h"
#include "cli/output/table.h"

namespace clientele::cli {
namespace {

using clientele::segmentation::v1::RfmRun;
using Json = nlohmann::ordered_json;

constexpr int kBarColumns = 24;

std::vector<double> MonetaryEdges(const RfmRun& run) {
  const int digits = CurrencyDigits(run.spec().currency_code());
  std::vector<double> edges;
  for (const double edge_minor : run.edges().monetary_minor()) {
    edges.push_back(MinorToMajor(edge_minor, digits));
  }
  return edges;
}

Json NumberList(const google::protobuf::RepeatedField<double>& values) {
  return std::vector<double>(values.begin(), values.end());
}

std::string EdgeLine(absl::string_view name, const Json& edges, absl::string_view unit) {
  return absl::StrFormat("  %-10s %s %s\n", name,
                         absl::StrJoin(edges, "  ",
                                       [](std::string* out, const Json& edge) {
                                         absl::StrAppendFormat(out, "%.10g", edge.get<double>());
                                       }),
                         unit);
}

std::string SegmentTable(const RfmRun& run) {
  const std::string& currency = run.spec().currency_code();
  int64_t largest_count = 0;
  for (const auto& segment : run.segments()) {
    largest_count = std::max(largest_count, segment.customer_count());
  }
  Table table;
  table.Column("segment").Column("name").Column("中文").Column("customers", Align::kRight);
  table.Column("share", Align::kRight).Column("").Column("orders", Align::kRight);
  table.Column(AmountTitle("revenue", currency), Align::kRight);
  for (const auto& segment : run.segments()) {
    const double share = run.customer_count() == 0
                             ? 0
                             : 100.0 * static_cast<double>(segment.customer_count()) /
                                   static_cast<double>(run.customer_count());
    table.Row({segment.segment(), segment.name_en(), segment.name_zh(),
               WithSeparators(segment.customer_count()), absl::StrFormat("%.1f %%", share),
               Bar(segment.customer_count(), largest_count, kBarColumns),
               WithSeparators(segment.order_count()),
               AmountText(segment.revenue_minor(), currency)});
  }
  return table.ToString();
}

std::string TopCustomersTable(const RfmRun& run) {
  Table table;
  table.Column("top customers").Column("days ago", Align::kRight).Column("orders", Align::kRight);
  table.Column("value", Align::kRight).Column("R F M").Column("segment");
  for (const auto& score : run.top_customers()) {
    table.Row({score.customer_id(), WithSeparators(score.recency_days()),
               WithSeparators(score.frequency()),
               AmountText(score.monetary_minor(), run.spec().currency_code()), score.cell(),
               score.segment()});
  }
  return table.ToString();
}

}  // namespace

Json RfmRunJson(const RfmRun& run, absl::Duration elapsed) {
  Json segments = Json::array();
  for (const auto& segment : run.segments()) {
    segments.push_back({{"segment", segment.segment()},
                        {"customers", segment.customer_count()},
                        {"orders", segment.order_count()},
                        {"revenue_minor", segment.revenue_minor()}});
  }
  return {{"run_id", run.run_id()},
          {"customers", run.customer_count()},
          {"edges",
           {{"recency", NumberList(run.edges().recency_days())},
            {"frequency", NumberList(run.edges().frequency())},
            {"monetary", MonetaryEdges(run)}}},
          {"segments", std::move(segments)},
          {"tie_sensitivity", run.tie_sensitivity()},
          {"seconds", std::round(absl::ToDoubleSeconds(elapsed) * 1000) / 1000}};
}

std::string RfmRunText(const RfmRun& run, absl::Duration elapsed) {
  const std::string& currency = run.spec().currency_code();
  return absl::StrCat(
      FailedGatesText(run), SegmentTable(run), "\n", TopCustomersTable(run), "\nedges\n",
      EdgeLine("recency", NumberList(run.edges().recency_days()), "days"),
      EdgeLine("frequency", NumberList(run.edges().frequency()), "orders"),
      EdgeLine("monetary", MonetaryEdges(run), currency.empty() ? "minor units / 100" : currency),
      absl::StrFormat("\n%s customers as of %s in %s; the other tie policy would move %.2f %% to "
                      "another segment\nrun %s, model %s version %d\n",
                      WithSeparators(run.customer_count()), run.as_of_date(),
                      absl::FormatDuration(absl::Trunc(elapsed, absl::Milliseconds(1))),
                      run.tie_sensitivity() * 100, run.run_id(), run.model_id(),
                      run.model_version()));
}

std::string FailedGatesText(const RfmRun& run) {
  std::string text;
  for (const auto& gate : run.failed_gates()) {
    absl::StrAppend(&text, "FORCED, these scores mean little: ", gate.gate(), " is ", gate.actual(),
                    " where the limit is ", gate.required(), "\n");
  }
  return text;
}

}  // namespace clientele::cli
