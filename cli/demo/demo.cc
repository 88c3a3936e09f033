#include "cli/demo/demo.h"

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/backend_options.h"
#include "cli/commands/command.h"
#include "cli/demo/demo_report.h"
#include "cli/demo/demo_story.h"
#include "cli/demo/temporary_folder.h"
#include "cli/generate/file_set.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/up/embedded_suite.h"
#include "cli/up/taken_port.h"
#include "common/money/currency.h"
#include "common/server/stop_signal.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

// The made-up business that is shown when no file is given.
constexpr int64_t kSampleCustomers = 2000;
constexpr uint64_t kSampleSeed = 1;
constexpr absl::CivilDay kSampleUntil(2025, 12, 31);
constexpr char kSampleSource[] = "made-up-shop";

struct DemoOptions {
  std::string purchases;
  std::string format;
  BackendOptions backends;
  bool once = false;
};

// The services' log lines, which would drown the story.
class LogFile {
 public:
  static absl::StatusOr<LogFile> Open(const std::string& path) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) {
      return absl::UnavailableError(absl::StrCat("cannot write ", path));
    }
    return LogFile(fd);
  }
  LogFile(LogFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }

  int fd() const { return fd_; }

 private:
  explicit LogFile(int fd) : fd_(fd) {}
  int fd_;
};

absl::StatusOr<DemoFiles> ReadFiles(const DemoOptions& options, const TemporaryFolder& folder) {
  DemoFiles files;
  if (!options.purchases.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(
        files.purchases,
        ReadPurchaseFile(options.purchases, *ParsePurchaseFormat(options.format), {}));
    return files;
  }
  GenerateOptions sample;
  sample.customers = kSampleCustomers;
  sample.seed = kSampleSeed;
  sample.dir = absl::StrCat(folder.path(), "/sample");
  sample.until = kSampleUntil;
  CLIENTELE_RETURN_IF_ERROR(GenerateFiles(sample).status());
  PurchaseFileOptions reading;
  reading.source = kSampleSource;
  CLIENTELE_ASSIGN_OR_RETURN(
      files.purchases,
      ReadPurchaseFile(absl::StrCat(sample.dir, "/purchases.csv"), PurchaseFormat::kCsv, reading));
  CLIENTELE_ASSIGN_OR_RETURN(files.refunds, ReadRefundFile(absl::StrCat(sample.dir, "/refunds.csv"),
                                                           {.source = kSampleSource}));
  return files;
}

absl::Status Demo(const DemoOptions& options, Environment& environment) {
  if (!environment.endpoints.server.empty()) {
    return UsageError("`clientele demo` starts a suite of its own; it takes no --server");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Make());
  CLIENTELE_ASSIGN_OR_RETURN(const DemoFiles files, ReadFiles(options, folder));
  CLIENTELE_ASSIGN_OR_RETURN(const absl::CivilDay today, DemoDay(files.purchases));
  SuiteOptions suite_options;
  if (environment.endpoints.data_dir.empty()) {
    environment.endpoints.data_dir = absl::StrCat(folder.path(), "/data");
  }
  suite_options.data_dir = environment.endpoints.data_dir;
  suite_options.database_url = options.backends.postgres;
  suite_options.redis_address = options.backends.redis;
  CLIENTELE_ASSIGN_OR_RETURN(suite_options.program_currency,
                             CurrencyCode::Parse(files.purchases.orders.front().currency_code));
  suite_options.business_time = absl::FromCivil(today, absl::UTCTimeZone());
  if (options.once) {
    suite_options.first_port = 0;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const LogFile log, LogFile::Open(folder.path() + "/log"));
  suite_options.log_fd = log.fd();
  server::BlockStopSignals();
  const auto started = EmbeddedSuite::Start(suite_options);
  if (!started.ok()) {
    return WithRemedyForTakenPort(started.status(),
                                  "--once takes free ones, and ends after showing");
  }
  const std::unique_ptr<EmbeddedSuite>& suite = *started;
  CLIENTELE_ASSIGN_OR_RETURN(DemoReport report, PlayDemo(files, today, environment));
  report.addresses = suite->addresses();
  report.data_dir = suite_options.data_dir;
  report.stays_up = !options.once;
  report.database_url = suite_options.database_url;
  report.redis_address = suite_options.redis_address;
  environment.Print(DemoText(report, ShadingFor(environment.out())));
  if (!options.once) {
    environment.Print("\nThe suite stays up; Ctrl-C ends it.\n");
    server::WaitForStopSignal();
  }
  suite->Stop();
  return absl::OkStatus();
}

}  // namespace

void AddDemoCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand(
      "demo", "Start the suite, take purchases in and show on one screen what comes of them");
  auto options = std::make_shared<DemoOptions>();
  CLI::Option* purchases =
      command->add_option("--purchases", options->purchases,
                          "The file to take in (default: a made-up business of 2,000 customers)");
  purchases->check(CLI::ExistingFile);
  CLI::Option* format =
      command->add_option("--format", options->format, "online-retail, cdnow, rfm-orders or csv");
  format->check(PurchaseFormatValidator())->needs(purchases);
  purchases->needs(format);
  AddBackendOptions(*command, options->backends);
  command->add_flag("--once", options->once,
                    "Stop after showing, and take any free ports; without it the suite stays up");
  command->footer(
      "Business time begins on the day after the file's last order. Data are kept in a temporary\n"
      "folder and removed at the end, unless --data-dir or --postgres says where; a database "
      "given\n"
      "there must be empty.");
  OnRun(command, options, environment, Demo);
}

}  // namespace clientele::cli
