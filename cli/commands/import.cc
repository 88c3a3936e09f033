#include "cli/commands/import.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/purchase_import.h"
#include "cli/commands/command.h"
#include "cli/commands/import_records.h"
#include "cli/commands/import_report.h"
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
    "--timeout is how long the server may take for one batch (default 60s).\n"
    "Refunds are sent after all orders; those of an order the server refuses are not sent but "
    "listed\n"
    "with the reason ORDER_REFUSED.\n\n";

absl::StatusOr<PurchaseFile> Read(const ImportOptions& options, ProgressBar& bar) {
  PurchaseFileOptions reading;
  reading.source = options.source;
  reading.currency_code = options.currency;
  reading.on_progress = [&bar](int64_t rows_read) { bar.Update("reading rows", rows_read, 0); };
  return ReadPurchaseFile(options.file, *ParsePurchaseFormat(options.format), reading);
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
  absl::Status status = ImportPurchases(*stub, file, sending, result);
  bar.Clear();
  const absl::Duration elapsed = absl::Now() - start_time;
  if (!status.ok()) {
    environment.Note(absl::StrCat(WithSeparators(result.orders_recorded_count), " new orders of ",
                                  WithSeparators(static_cast<int64_t>(file.orders.size())),
                                  " got in before the error; running the import again is safe"));
    return status;
  }
  PrintImportReport(
      file.rows_read,
      {{"orders_imported", "orders", result.orders_recorded_count,
        result.orders_already_recorded_count},
       {"lines_imported", "lines", result.lines_recorded_count, std::nullopt},
       {"refunds_imported", "refunds", result.refunds_recorded_count,
        result.refunds_already_recorded_count},
       {"customers_created", "customers", result.customers_created_count, std::nullopt}},
      result.rejections, elapsed, environment);
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
      ->check(PurchaseFormatValidator());
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
  AddImportRecordsCommands(*group, environment);
}

}  // namespace clientele::cli
