#include "cli/commands/rfm_movement_text.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/commands/amount_text.h"
#include "cli/output/table.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

constexpr int kBarColumns = 24;
constexpr char kNoSegment[] = "(out of window)";

// "▲ 12", "▼ 3", or "=".
std::string ChangeText(int64_t before, int64_t after) {
  if (before == after) {
    return "=";
  }
  return after > before ? absl::StrCat("▲ ", WithSeparators(after - before))
                        : absl::StrCat("▼ ", WithSeparators(before - after));
}

std::string SegmentChanges(const pb::RfmComparison& comparison) {
  const std::string& from_currency = comparison.from_run().spec().currency_code();
  const std::string& to_currency = comparison.to_run().spec().currency_code();
  Table table;
  table.Column("segment").Column("name").Column("中文");
  table.Column(comparison.from_run().as_of_date(), Align::kRight).Column("");
  table.Column(comparison.to_run().as_of_date(), Align::kRight).Column("change", Align::kRight);
  table.Column(AmountTitle("revenue", from_currency), Align::kRight).Column("");
  table.Column(AmountTitle("revenue", to_currency), Align::kRight);
  for (const pb::RfmSegmentChange& segment : comparison.segments()) {
    table.Row({segment.segment().empty() ? kNoSegment : segment.segment(), segment.name_en(),
               segment.name_zh(), WithSeparators(segment.from_customer_count()), "→",
               WithSeparators(segment.to_customer_count()),
               ChangeText(segment.from_customer_count(), segment.to_customer_count()),
               AmountText(segment.from_revenue_minor(), from_currency), "→",
               AmountText(segment.to_revenue_minor(), to_currency)});
  }
  return table.ToString();
}

// Segment id to "English 中文".
using Names = std::map<std::string, std::string>;

Names NamesOf(const pb::RfmComparison& comparison) {
  Names names = {{"", kNoSegment}};
  for (const pb::RfmSegmentChange& segment : comparison.segments()) {
    if (!segment.segment().empty()) {
      names[segment.segment()] = absl::StrCat(segment.name_en(), " ", segment.name_zh());
    }
  }
  return names;
}

std::string PlaceText(const Names& names, const std::string& segment) {
  const auto found = names.find(segment);
  return found == names.end() ? segment : found->second;
}

std::string MovementTable(const pb::RfmComparison& comparison, MovementRows rows) {
  const auto& movements =
      rows == MovementRows::kAll ? comparison.movements() : comparison.largest_movements();
  int64_t largest_count = 0;
  for (const pb::RfmMovement& movement : comparison.largest_movements()) {
    largest_count = std::max(largest_count, movement.customer_count());
  }
  const Names names = NamesOf(comparison);
  Table table;
  table.Column("from").Column("").Column("to").Column("customers", Align::kRight).Column("");
  for (const pb::RfmMovement& movement : movements) {
    const bool stayed = movement.kind() == pb::RFM_MOVEMENT_KIND_STAYED;
    const bool is_new = movement.kind() == pb::RFM_MOVEMENT_KIND_NEW;
    const bool gone = movement.kind() == pb::RFM_MOVEMENT_KIND_GONE;
    table.Row({is_new ? "(new)" : PlaceText(names, movement.from_segment()), stayed ? "=" : "→",
               gone ? "(gone)" : PlaceText(names, movement.to_segment()),
               WithSeparators(movement.customer_count()),
               stayed ? "" : Bar(movement.customer_count(), largest_count, kBarColumns)});
  }
  return table.ToString();
}

}  // namespace

std::string RfmComparisonText(const pb::RfmComparison& comparison, MovementRows rows) {
  return absl::StrCat(
      SegmentChanges(comparison), "\n", MovementTable(comparison, rows),
      absl::StrFormat(
          "\n%s stayed, %s moved, %s new, %s gone\nrun %s → run %s\n",
          WithSeparators(comparison.stayed_count()), WithSeparators(comparison.moved_count()),
          WithSeparators(comparison.new_count()), WithSeparators(comparison.gone_count()),
          comparison.from_run().run_id(), comparison.to_run().run_id()));
}

}  // namespace clientele::cli
