#include "cli/commands/generate.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "cli/commands/command.h"
#include "cli/generate/file_set.h"
#include "cli/output/progress_bar.h"
#include "cli/output/table.h"
#include "common/status/macros.h"
#include "common/time/civil.h"

namespace clientele::cli {
namespace {

struct Options {
  int64_t customers = 0;
  int64_t seed = 0;
  std::string dir;
  std::string until = "2025-12-31";
};

std::string HelpFooter() {
  const PopulationParameters parameters;
  return absl::StrCat(
      "Each file is in the csv format of `clientele import` (see the --help of its commands):\n\n"
      "  customers.csv   ",
      kCustomersHeader, "\n  purchases.csv   ", kPurchasesHeader, "\n  refunds.csv     ",
      kRefundsHeader, "\n  complaints.csv  ", kComplaintsHeader,
      "\n\nThe same arguments make the same bytes on every machine, and more customers only add to "
      "the files.\nFiles that are there are never replaced. The files cover ",
      parameters.window_days,
      " days, customer by customer. Each customer buys as a\nPoisson process of a rate of its own "
      "(gamma, shape ",
      parameters.order_rate_shape, ", mean ", parameters.order_rate_mean,
      " a year) from a first order on until it\ndrops out (exponential; rate gamma, shape ",
      parameters.dropout_rate_shape, ", mean ", parameters.dropout_rate_mean,
      " a year); its orders are worth about ",
      parameters.spend_order_shape * parameters.spend_scale_minor /
          (parameters.spend_customer_shape - 1) / 100,
      " EUR\n(gamma-gamma, shapes ", parameters.spend_order_shape, " and ",
      parameters.spend_customer_shape, "), ", parameters.organization_spend_factor,
      " times that for the ", parameters.organization_share * 100, " % organizations. ",
      parameters.refund_share * 100, " % of orders are\nrefunded in part or whole, ",
      parameters.complaint_share * 100, " % of customers complain. All names are made up.\n");
}

void Report(const Options& options, const GeneratedCounts& counts, absl::Duration elapsed,
            Environment& environment) {
  if (environment.json) {
    environment.PrintJson({{"customers", options.customers},
                           {"orders", counts.orders},
                           {"lines", counts.lines},
                           {"refunds", counts.refunds},
                           {"complaints", counts.complaints},
                           {"until", options.until},
                           {"seconds", std::round(absl::ToDoubleSeconds(elapsed) * 1000) / 1000}});
    return;
  }
  Table table;
  table.Column("file").Column("what").Column("number", Align::kRight);
  table.Row({"customers.csv", "customers", WithSeparators(options.customers)});
  table.Row({"purchases.csv", "orders", WithSeparators(counts.orders)});
  table.Row({"", "lines", WithSeparators(counts.lines)});
  table.Row({"refunds.csv", "refunds", WithSeparators(counts.refunds)});
  table.Row({"complaints.csv", "complaints", WithSeparators(counts.complaints)});
  environment.Print(absl::StrCat(table.ToString(), "written to ", options.dir, " in ",
                                 absl::FormatDuration(absl::Trunc(elapsed, absl::Milliseconds(1))),
                                 "\n"));
}

absl::Status Generate(const Options& options, Environment& environment) {
  const absl::Time start_time = absl::Now();
  ProgressBar bar(environment.err(), !environment.json);
  GenerateOptions generating;
  generating.customers = options.customers;
  generating.seed = static_cast<uint64_t>(options.seed);
  generating.dir = options.dir;
  CLIENTELE_ASSIGN_OR_RETURN(generating.until, ParseDate(options.until));
  generating.on_progress = [&bar](int64_t done, int64_t total) {
    bar.Update("making customers", done, total);
  };
  const absl::StatusOr<GeneratedCounts> counts = GenerateFiles(generating);
  bar.Clear();
  CLIENTELE_RETURN_IF_ERROR(counts.status());
  Report(options, *counts, absl::Now() - start_time, environment);
  return absl::OkStatus();
}

// Purchase files take orders of these years only.
bool IsImportableDay(const std::string& text) {
  const auto day = ParseDate(text);
  return day.ok() && day->year() >= 1910 && day->year() <= 2199;
}

}  // namespace

void AddGenerateCommand(CLI::App& app, Environment& environment) {
  CLI::App* command =
      app.add_subcommand("generate",
                         "Make csv files of a made-up business: customers, purchases, "
                         "refunds, complaints");
  auto options = std::make_shared<Options>();
  command->add_option("--customers", options->customers, "How many")
      ->required()
      ->check(CLI::Range(int64_t{1}, kGeneratedCustomersMax));
  command->add_option("--seed", options->seed, "Another number makes another business")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->add_option("--out", options->dir, "The folder for the files; made when it is not there")
      ->required();
  command
      ->add_option("--until", options->until,
                   "The last day something happens on, YYYY-MM-DD (default 2025-12-31)")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return IsImportableDay(text) ? "" : "must be a day from 1910 to 2199, like 2025-12-31";
          },
          ""));
  command->footer(HelpFooter());
  OnRun(command, options, environment, Generate);
}

}  // namespace clientele::cli
