#include "cli/commands/import.h"

#include <cmath>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/purchase_import.h"
#include "cli/commands/command.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/output/progress_bar.h"
#include "cli/output/table.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::PurchaseService;

struct ImportOptions {
  std::string file;
  std::string format;
  std::string source;
  std::string currency;
};

constexpr char kFooter[] =
    "Running the same import again changes nothing, so after an error just run it again.\n"
    "--timeout is how long the server may take for one batch (default 60s).\n\n";

absl::StatusOr<PurchaseFile> Read(const ImportOptions& options, ProgressBar& bar) {
  PurchaseFileOptions reading;
  reading.source = options.source;
  reading.currency_code = options.currency;
  reading.on_progress = [&bar](int64_t rows_read) { bar.Update("reading rows", rows_read, 0); };
  return ReadPurchaseFile(options.file, *ParsePurchaseFormat(options.format), reading);
}

nlohmann::ordered_json ReportJson(const PurchaseFile& file, const PurchaseImportResult& result,
                                  absl::Duration elapsed) {
  nlohmann::ordered_json rejected = nlohmann::ordered_json::object();
  for (const auto& [reason, row_count] : result.rejections.RowCounts()) {
    rejected[reason] = row_count;
  }
  return {{"rows_read", file.rows_read},
          {"orders_imported", result.orders_recorded_count},
          {"lines_imported", result.lines_recorded_count},
          {"refunds_imported", result.refunds_recorded_count},
          {"customers_created", result.customers_created_count},
          {"rows_rejected", std::move(rejected)},
          {"seconds", std::round(absl::ToDoubleSeconds(elapsed) * 1000) / 1000}};
}

std::string ReportText(const PurchaseFile& file, const PurchaseImportResult& result,
                       absl::Duration elapsed) {
  Table table;
  table.Column("what").Column("new", Align::kRight).Column("there already", Align::kRight);
  table.Row({"orders", WithSeparators(result.orders_recorded_count),
             WithSeparators(result.orders_already_recorded_count)});
  table.Row({"lines", WithSeparators(result.lines_recorded_count), ""});
  table.Row({"refunds", WithSeparators(result.refunds_recorded_count),
             WithSeparators(result.refunds_already_recorded_count)});
  table.Row({"customers", WithSeparators(result.customers_created_count), ""});
  return absl::StrCat(result.rejections.ToText(), WithSeparators(file.rows_read), " rows read in ",
                      absl::FormatDuration(absl::Trunc(elapsed, absl::Milliseconds(1))), "\n",
                      table.ToString());
}

absl::Status ImportFile(const ImportOptions& options, Environment& environment) {
  const absl::Time start_time = absl::Now();
  ProgressBar bar(environment.err(), !environment.json);
  CLIENTELE_ASSIGN_OR_RETURN(const PurchaseFile file, Read(options, bar));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  PurchaseImportOptions sending;
  sending.checkpoint_timeout = environment.TimeoutOr(sending.checkpoint_timeout);
  sending.on_progress = [&bar](int64_t done_count, int64_t total_count) {
    bar.Update("importing orders and refunds", done_count, total_count);
  };
  PurchaseImportResult result;
  const absl::Status status = ImportPurchases(*stub, file, sending, result);
  bar.Clear();
  const absl::Duration elapsed = absl::Now() - start_time;
  if (!status.ok()) {
    environment.Note(absl::StrCat(WithSeparators(result.orders_recorded_count), " new orders of ",
                                  WithSeparators(static_cast<int64_t>(file.orders.size())),
                                  " got in before the error; running the import again is safe"));
    return status;
  }
  if (environment.json) {
    environment.PrintJson(ReportJson(file, result, elapsed));
    if (const std::string text = result.rejections.ToText(); !text.empty()) {
      environment.Note(text);
    }
  } else {
    environment.Print(ReportText(file, result, elapsed));
  }
  return absl::OkStatus();
}

}  // namespace

void AddImportCommands(CLI::App& app, Environment& environment) {
  CLI::App* group = app.add_subcommand("import", "Take files in")->require_subcommand(1);
  CLI::App* command = group->add_subcommand(
      "purchases", "Take a file of orders and refunds in, making the customers it names");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->file, "The file, plain or gzip-compressed")->required();
  command->add_option("--format", options->format, "online-retail, cdnow, rfm-orders or csv")
      ->required()
      ->check(CLI::Validator(
          [](const std::string& name) {
            return ParsePurchaseFormat(name).has_value()
                       ? ""
                       : "must be online-retail, cdnow, rfm-orders or csv";
          },
          ""));
  command
      ->add_option("--source", options->source,
                   "The source system of the orders (default: the format's name)")
      ->check(SourceValidator());
  command
      ->add_option("--currency", options->currency,
                   "Currency of files that name none (default: GBP for online-retail, else USD)")
      ->check(CurrencyValidator());
  command->footer(absl::StrCat(kFooter, CsvFormatHelp()));
  OnRun(command, options, environment, ImportFile);
}

}  // namespace clientele::cli
