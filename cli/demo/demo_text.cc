#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/commands/amount_text.h"
#include "cli/commands/command.h"
#include "cli/demo/demo_report.h"
#include "cli/output/table.h"

namespace clientele::cli {
namespace {

namespace seg = clientele::segmentation::v1;

constexpr int kBarColumns = 16;

std::string Heading(absl::string_view number, absl::string_view title) {
  return absl::StrCat("\n", number, "  ", title, "\n");
}

std::string SignedCount(int64_t count) {
  return absl::StrCat(count > 0 ? "+" : "", WithSeparators(count));
}

// "3.8 s", "37 ms".
std::string DurationText(absl::Duration duration) {
  return duration < absl::Seconds(1) ? absl::StrCat(absl::ToInt64Milliseconds(duration), " ms")
                                     : absl::StrFormat("%.1f s", absl::ToDoubleSeconds(duration));
}

std::string ImportText(const DemoImport& import) {
  std::string text =
      Heading("1", absl::StrCat("Purchases in: ", WithSeparators(import.rows_read), " rows of ",
                                import.source, ", every service caught up after ",
                                DurationText(import.elapsed)));
  absl::StrAppend(&text, "   ", WithSeparators(import.customer_count), " customers, ",
                  WithSeparators(import.order_count), " orders, ",
                  WithSeparators(import.refund_count), " refunds");
  if (!import.rejected.empty()) {
    absl::StrAppend(&text, "; rows left out with their reason: ",
                    absl::StrJoin(import.rejected, ", ", [](std::string* out, const auto& entry) {
                      absl::StrAppend(out, entry.first, " ", WithSeparators(entry.second));
                    }));
  }
  return text + "\n";
}

std::string SegmentsText(const DemoReport& report) {
  const seg::RfmComparison& comparison = report.comparison;
  const std::string& currency = report.run.spec().currency_code();
  int64_t largest = 0;
  for (const auto& segment : comparison.segments()) {
    largest = std::max(largest, segment.to_customer_count());
  }
  Table table;
  table.Column("  segment").Column("中文").Column("customers", Align::kRight).Column("");
  table.Column(absl::StrCat("since ", comparison.from_run().as_of_date()), Align::kRight);
  table.Column(absl::StrCat("revenue ", currency), Align::kRight);
  for (const auto& segment : comparison.segments()) {
    table.Row({absl::StrCat("  ", segment.name_en()), segment.name_zh(),
               WithSeparators(segment.to_customer_count()),
               Bar(segment.to_customer_count(), largest, kBarColumns),
               SignedCount(segment.to_customer_count() - segment.from_customer_count()),
               AmountText(segment.to_revenue_minor(), currency)});
  }
  return absl::StrCat(
      Heading("2", absl::StrCat("Who they are on ", report.run.as_of_date(),
                                ": recency, frequency, monetary value in five bins each")),
      table.ToString(), "   ", WithSeparators(comparison.stayed_count()), " stayed, ",
      WithSeparators(comparison.moved_count()), " moved to another segment, ",
      WithSeparators(comparison.new_count()), " are new\n");
}

std::string MatrixText(const seg::RfmMatrix& matrix, Shading shading) {
  const int bins = matrix.score_count();
  std::vector<std::string> titles;
  for (int frequency = 1; frequency <= bins; ++frequency) {
    titles.push_back(absl::StrCat("F", frequency));
  }
  HeatMap map("   customers", std::move(titles));
  for (int recency = bins; recency >= 1; --recency) {
    std::vector<HeatMap::Cell> cells;
    for (int frequency = 1; frequency <= bins; ++frequency) {
      const auto& cell = matrix.cells((recency - 1) * bins + frequency - 1);
      cells.push_back({cell.customer_count(), WithSeparators(cell.customer_count())});
    }
    map.Row(absl::StrCat("R", recency), std::move(cells));
  }
  return map.ToString(shading);
}

std::string PointsText(const DemoPoints& points) {
  std::string text =
      Heading("3", "What they earned: tiers of the last 365 days' spend, and points");
  Table table;
  table.Column("  tier").Column("members", Align::kRight).Column("");
  table.Column(absl::StrCat("net spend ", points.currency_code), Align::kRight);
  int64_t largest = 0;
  for (const DemoTier& tier : points.tiers) {
    largest = std::max(largest, tier.member_count);
  }
  for (const DemoTier& tier : points.tiers) {
    table.Row({absl::StrCat("  ", tier.tier), WithSeparators(tier.member_count),
               Bar(tier.member_count, largest, kBarColumns),
               AmountText(tier.net_spend_minor, points.currency_code)});
  }
  absl::StrAppend(&text, table.ToString(), "   ", WithSeparators(points.earned), " points earned, ",
                  WithSeparators(points.reversed), " of them taken back by refunds\n");
  return text;
}

// "safety = false, severity = 2, tier = PLATINUM".
std::string PriorityInputs(const clientele::common::v1::Explanation& priority) {
  return absl::StrJoin(priority.inputs(), ", ", [](std::string* out, const auto& input) {
    absl::StrAppend(out, input.name(), " ", input.value());
  });
}

std::string ComplaintText(const DemoComplaint& story, const std::string& currency) {
  namespace pb = clientele::complaints::v1;
  const pb::Complaint& complaint = story.complaint;
  std::string text = Heading(
      "4",
      absl::StrCat("A complaint put right: ", story.customer.customer_id(), ", ",
                   story.customer.segment(), " ", story.customer.cell(), ", tier ", story.tier,
                   ", ", AmountText(story.customer.monetary_minor(), currency), " ", currency));
  absl::StrAppend(&text, "   filed       ", complaint.complaint_number(), " \"",
                  complaint.subject(), "\", priority ", complaint.priority().rank(), " from ",
                  PriorityInputs(story.priority), "\n");
  absl::StrAppend(&text, "   assigned    to ", complaint.assignee_id(), " and acknowledged\n");
  for (const auto& remedy : complaint.remedies()) {
    absl::StrAppend(&text, "   remedy      ", WithSeparators(remedy.points()), " points proposed, ",
                    "approved and ", EnumWord(*pb::RemedyState_descriptor(), remedy.state()),
                    ": balance ", WithSeparators(story.points_before), " -> ",
                    WithSeparators(story.points_after), "\n");
  }
  absl::StrAppend(&text, "   ", EnumWord(*pb::ComplaintState_descriptor(), complaint.state()),
                  "      ", EnumWord(*pb::ComplaintFinding_descriptor(), complaint.finding()),
                  ", relief ", EnumWord(*pb::ComplaintRelief_descriptor(), complaint.relief()),
                  "; from filing to the end ", DurationText(story.elapsed), "\n");
  return text;
}

std::string DayText(const google::protobuf::Timestamp& time) {
  return TimeText(time).substr(0, 10);
}

std::string DueText(const DemoDue& due) {
  std::string text = Heading("5", "What is due next");
  const auto& next = due.next_tier;
  absl::StrAppend(&text, "   ", WithSeparators(due.tiers_ending_count), " tiers end within ",
                  due.horizon / absl::Hours(24), " days");
  if (next.has_tier()) {
    const auto& keep = next.keep_distance();
    absl::StrAppend(&text, "; first ", next.tier().customer_id(), "'s ", next.tier().tier(), " on ",
                    DayText(next.tier().valid_until_time()), ", ",
                    keep.minor_units() == 0
                        ? "which the spend so far renews"
                        : absl::StrCat(AmountText(keep.minor_units(), keep.currency_code()), " ",
                                       keep.currency_code(), " short of renewal"));
  }
  absl::StrAppend(&text, "\n");
  if (due.balance.next_expiring() > 0) {
    absl::StrAppend(&text, "   ", WithSeparators(due.balance.next_expiring()), " points of ",
                    due.balance.customer_id(), " expire on ",
                    DayText(due.balance.next_expire_time()), "\n");
  }
  return text;
}

std::string WhereText(const DemoReport& report) {
  std::string text = Heading("6", "Where things are");
  std::string ops;
  for (const auto& [name, address] : report.addresses) {
    if (name == "ops") {
      ops = address;
    } else {
      absl::StrAppend(&text, "   ", absl::StrFormat("%-13s", name), address,
                      "   gRPC with reflection, health and feed\n");
    }
  }
  if (!report.database_url.empty()) {
    absl::StrAppend(&text, "   data         PostgreSQL ", report.database_url, "\n");
  }
  if (!report.redis_address.empty()) {
    absl::StrAppend(&text, "   cache        Redis ", report.redis_address, "\n");
  }
  absl::StrAppend(&text, "   metrics      http://", ops, "/metrics     health http://", ops,
                  "/readyz\n");
  if (report.stays_up) {
    absl::StrAppend(&text, "   try          clientele complaints list --data-dir ", report.data_dir,
                    "\n                clientele watch loyalty --data-dir ", report.data_dir, "\n");
  }
  return text;
}

}  // namespace

std::string DemoText(const DemoReport& report, Shading shading) {
  return absl::StrCat(ImportText(report.import), SegmentsText(report),
                      MatrixText(report.matrix, shading), PointsText(report.points),
                      ComplaintText(report.complaint, report.run.spec().currency_code()),
                      DueText(report.due), WhereText(report));
}

}  // namespace clientele::cli
