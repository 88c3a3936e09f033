#include "cli/commands/sales.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/amount_text.h"
#include "cli/commands/command.h"
#include "cli/output/table.h"
#include "clientele/segmentation/v1/analytics_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

constexpr int kBarColumns = 24;

constexpr char kFooter[] =
    "gross: every recorded order at its original amount, cancelled ones too. refunded, cancelled:\n"
    "what came back of these orders, in the period of the order. net: what is left.";

struct ReportOptions {
  std::string period = "month";
  std::string dimension;
  std::string as_of;
  std::string from;
  std::string to;
  std::string time_zone;
  std::string currency;
  std::string source;
};

// "2011", "2011-12" or "2011-12-10".
std::string PeriodText(const std::string& start_date, const std::string& period) {
  const size_t length = period == "year" ? 4 : period == "month" ? 7 : start_date.size();
  return start_date.substr(0, length);
}

class SalesTable {
 public:
  SalesTable(const ReportOptions& options, const pb::ReportSalesResponse& report)
      : options_(options), report_(report) {
    for (const pb::SalesRow& row : report.rows()) {
      largest_ = std::max(largest_, row.net_minor());
    }
  }

  std::string ToString() {
    const std::string& currency = report_.currency_code();
    table_.Column(options_.period);
    if (!options_.dimension.empty()) {
      table_.Column(options_.dimension);
    }
    table_.Column("orders", Align::kRight).Column("buyers", Align::kRight);
    table_.Column(AmountTitle("gross", currency), Align::kRight);
    table_.Column("refunded", Align::kRight).Column("cancelled", Align::kRight);
    table_.Column("net", Align::kRight).Column("");
    for (const pb::SalesRow& row : report_.rows()) {
      Add(PeriodText(row.start_date(), options_.period),
          row.dimension_value().empty() ? "(none)" : row.dimension_value(), row,
          Bar(row.net_minor(), largest_, kBarColumns));
    }
    Add("total", "", report_.total(), "");
    return table_.ToString();
  }

 private:
  void Add(const std::string& period, const std::string& dimension, const pb::SalesRow& row,
           const std::string& bar) {
    const std::string& currency = report_.currency_code();
    std::vector<std::string> cells = {period};
    if (!options_.dimension.empty()) {
      cells.push_back(dimension);
    }
    cells.push_back(WithSeparators(row.order_count()));
    cells.push_back(WithSeparators(row.buyer_count()));
    for (const int64_t amount_minor :
         {row.gross_minor(), row.refunded_minor(), row.cancelled_minor(), row.net_minor()}) {
      cells.push_back(AmountText(amount_minor, currency));
    }
    cells.push_back(bar);
    table_.Row(std::move(cells));
  }

  const ReportOptions& options_;
  const pb::ReportSalesResponse& report_;
  int64_t largest_ = 0;
  Table table_;
};

absl::StatusOr<pb::ReportSalesRequest> RequestOf(const ReportOptions& options) {
  pb::ReportSalesRequest request;
  request.set_period(
      static_cast<pb::SalesPeriod>(EnumNumber(*pb::SalesPeriod_descriptor(), options.period)));
  request.set_dimension(static_cast<pb::SalesDimension>(
      EnumNumber(*pb::SalesDimension_descriptor(), options.dimension)));
  if (!options.as_of.empty()) {
    CLIENTELE_RETURN_IF_ERROR(
        ParseTimeOption("--as-of", options.as_of, *request.mutable_as_of_time()));
  }
  request.set_from_date(options.from);
  request.set_to_date(options.to);
  request.set_time_zone(options.time_zone);
  request.set_currency_code(options.currency);
  request.set_source_system(options.source);
  return request;
}

absl::Status ReportSales(const ReportOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const pb::ReportSalesRequest request, RequestOf(options));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<pb::AnalyticsService>(environment, kSegmentation));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::ReportSalesResponse report,
      Call(environment, *stub, &pb::AnalyticsService::Stub::ReportSales, request));
  if (environment.json) {
    environment.PrintMessage(report);
  } else {
    environment.Print(SalesTable(options, report).ToString());
  }
  return absl::OkStatus();
}

}  // namespace

void AddSalesCommands(CLI::App& app, Environment& environment) {
  CLI::App* group = app.add_subcommand("sales", "Report sales")->require_subcommand(1);
  CLI::App* report = group->add_subcommand("report", "Sum orders by period, channel or region");
  auto options = std::make_shared<ReportOptions>();
  AddEnumOption(*report, "--by", options->period, *pb::SalesPeriod_descriptor(),
                "The period of one row, by default month");
  AddEnumOption(*report, "--dimension", options->dimension, *pb::SalesDimension_descriptor(),
                "What parts the rows of a period");
  report->add_option("--as-of", options->as_of,
                     "What was known then: YYYY-MM-DD or RFC 3339 (default: now)");
  report->add_option("--from", options->from, "Only orders from this day on, YYYY-MM-DD");
  report->add_option("--to", options->to, "Only orders before this day, YYYY-MM-DD");
  report->add_option("--time-zone", options->time_zone, "The zone of days, IANA (default UTC)");
  report
      ->add_option("--currency", options->currency,
                   "Only orders in this currency (default: the only one there is)")
      ->check(CurrencyValidator());
  report->add_option("--source", options->source, "Only orders of this source");
  report->footer(kFooter);
  OnRun(report, options, environment, ReportSales);
}

}  // namespace clientele::cli
