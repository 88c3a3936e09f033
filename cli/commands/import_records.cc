#include "cli/commands/import_records.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/complaint_import.h"
#include "cli/client/customer_import.h"
#include "cli/client/purchase_import.h"
#include "cli/commands/command.h"
#include "cli/commands/import_report.h"
#include "cli/import/complaint_file.h"
#include "cli/import/customer_file.h"
#include "cli/import/refund_file.h"
#include "cli/output/progress_bar.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::complaints::v1::ComplaintService;
using clientele::profile::v1::CustomerService;
using clientele::profile::v1::PurchaseService;

struct FileOptions {
  std::string file;
  std::string format;
  std::string source;
};

constexpr char kFooter[] =
    "Running the same import again changes nothing, so after an error just run it again.\n\n";

CsvFileOptions ReadingOptions(const FileOptions& options, ProgressBar& bar) {
  CsvFileOptions reading;
  reading.source = options.source;
  reading.on_progress = [&bar](int64_t rows_read) { bar.Update("reading rows", rows_read, 0); };
  return reading;
}

RecordImportOptions SendingOptions(Environment& environment, ProgressBar& bar) {
  RecordImportOptions sending;
  sending.new_call = [&environment] { return environment.NewCall(); };
  sending.on_progress = [&bar](int64_t done_count) { bar.Update("rows done", done_count, 0); };
  return sending;
}

// Prints what an import did, or how far it came before it failed.
absl::Status Finish(const absl::Status& status, absl::Time start_time, int64_t rows_read,
                    const std::vector<ImportedThings>& things, const Rejections& rejections,
                    Environment& environment) {
  if (!status.ok()) {
    environment.Note(absl::StrCat(things.front().count, " new ", things.front().name,
                                  " got in before the error; running the import again is safe"));
    return status;
  }
  PrintImportReport(rows_read, things, rejections, absl::Now() - start_time, environment);
  return absl::OkStatus();
}

absl::Status ImportCustomerFile(const FileOptions& options, Environment& environment) {
  const absl::Time start_time = absl::Now();
  ProgressBar bar(environment.err(), !environment.json);
  CsvFileOptions reading;
  reading.source = options.source;
  CLIENTELE_ASSIGN_OR_RETURN(CustomerFile file, CustomerFile::Open(options.file, reading));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  CustomerImportResult result;
  const absl::Status status =
      ImportCustomers(*stub, file, SendingOptions(environment, bar), result);
  bar.Clear();
  return Finish(status, start_time, file.tally().rows_read(),
                {{"customers_created", "customers", result.created_count, result.unchanged_count},
                 {"customers_updated", "customers completed", result.updated_count, std::nullopt}},
                result.rejections, environment);
}

absl::Status ImportRefundFile(const FileOptions& options, Environment& environment) {
  const absl::Time start_time = absl::Now();
  ProgressBar bar(environment.err(), !environment.json);
  CLIENTELE_ASSIGN_OR_RETURN(const RefundFile file,
                             ReadRefundFile(options.file, ReadingOptions(options, bar)));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  PurchaseImportOptions sending;
  sending.checkpoint_timeout = environment.TimeoutOr(sending.checkpoint_timeout);
  sending.on_progress = [&bar](int64_t done_count, int64_t total_count) {
    bar.Update("importing refunds", done_count, total_count);
  };
  PurchaseImportResult result;
  const absl::Status status = ImportRefunds(*stub, file, sending, result);
  bar.Clear();
  return Finish(status, start_time, file.rows_read,
                {{"refunds_imported", "refunds", result.refunds_recorded_count,
                  result.refunds_already_recorded_count}},
                result.rejections, environment);
}

absl::Status ImportComplaintFile(const FileOptions& options, Environment& environment) {
  const absl::Time start_time = absl::Now();
  ProgressBar bar(environment.err(), !environment.json);
  CsvFileOptions reading;
  reading.source = options.source;
  CLIENTELE_ASSIGN_OR_RETURN(ComplaintFile file, ComplaintFile::Open(options.file, reading));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  ComplaintImportResult result;
  const absl::Status status =
      ImportComplaints(*stub, file, SendingOptions(environment, bar), result);
  bar.Clear();
  return Finish(
      status, start_time, file.tally().rows_read(),
      {{"complaints_filed", "complaints", result.filed_count, result.already_filed_count}},
      result.rejections, environment);
}

CLI::App* AddFileCommand(CLI::App& import, const std::string& name, const std::string& description,
                         FileOptions& options) {
  CLI::App* command = import.add_subcommand(name, description);
  command->add_option("FILE", options.file, "The file, plain or gzip-compressed")->required();
  command->add_option("--format", options.format, "csv")->required()->check(CLI::IsMember({"csv"}));
  command
      ->add_option("--source", options.source,
                   "The source system, the same as for its purchases (default csv)")
      ->check(SourceValidator());
  return command;
}

}  // namespace

void AddImportRecordsCommands(CLI::App& import, Environment& environment) {
  auto customers = std::make_shared<FileOptions>();
  CLI::App* command =
      AddFileCommand(import, "customers",
                     "Take a file of customers in, and complete those that are there", *customers);
  command->footer(absl::StrCat(kFooter, CustomerFileHelp()));
  OnRun(command, customers, environment, ImportCustomerFile);

  auto refunds = std::make_shared<FileOptions>();
  command =
      AddFileCommand(import, "refunds", "Take a file of refunds of imported orders in", *refunds);
  command->footer(absl::StrCat(kFooter, RefundFileHelp()));
  OnRun(command, refunds, environment, ImportRefundFile);

  auto complaints = std::make_shared<FileOptions>();
  command = AddFileCommand(import, "complaints", "File the complaints of a file", *complaints);
  command->footer(absl::StrCat(kFooter, ComplaintFileHelp()));
  OnRun(command, complaints, environment, ImportComplaintFile);
}

}  // namespace clientele::cli
