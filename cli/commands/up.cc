#include "cli/commands/up.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/commands/backend_options.h"
#include "cli/up/embedded_suite.h"
#include "cli/up/program_currency.h"
#include "cli/up/taken_port.h"
#include "common/server/file_limit.h"
#include "common/server/stop_signal.h"
#include "common/status/macros.h"
#include "common/time/timestamp.h"

namespace clientele::cli {
namespace {

constexpr int kFirstPortMax = 65535 - 8;

struct UpOptions {
  BackendOptions backends;
  std::string business_time;
  std::string config_file;
  int first_port = -1;
  std::string program_currency;
};

absl::StatusOr<SuiteOptions> ToSuiteOptions(const UpOptions& options,
                                            const Environment& environment) {
  SuiteOptions suite;
  suite.data_dir =
      environment.endpoints.data_dir.empty() ? DefaultDataDir() : environment.endpoints.data_dir;
  if (suite.data_dir.empty()) {
    return absl::InvalidArgumentError("there is no $HOME; say --data-dir");
  }
  suite.database_url = options.backends.postgres;
  suite.redis_address = options.backends.redis;
  suite.config_file = options.config_file;
  if (!options.business_time.empty()) {
    const absl::StatusOr<absl::Time> time = ParseRfc3339(options.business_time);
    if (!time.ok()) {
      return UsageError(
          absl::StrCat("--business-time ", options.business_time, ": ", time.status().message()));
    }
    if (*time > absl::Now()) {
      return UsageError(
          absl::StrCat("--business-time ", options.business_time, ": must not be later than now"));
    }
    suite.business_time = *time;
  }
  if (!options.program_currency.empty()) {
    const absl::StatusOr<CurrencyCode> currency = ParseProgramCurrency(options.program_currency);
    if (!currency.ok()) {
      return UsageError(absl::StrCat("--program-currency ", options.program_currency, ": ",
                                     currency.status().message()));
    }
    suite.program_currency = *currency;
  }
  if (options.first_port >= 0) {
    suite.first_port = options.first_port;
  }
  return suite;
}

absl::Status Up(const UpOptions& options, const Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const SuiteOptions suite_options,
                             ToSuiteOptions(options, environment));
  server::BlockStopSignals();
  server::BlockReloadSignal();
  const auto started = EmbeddedSuite::Start(suite_options);
  if (!started.ok()) {
    return WithRemedyForTakenPort(started.status(), "--ports takes others");
  }
  const std::unique_ptr<EmbeddedSuite>& suite = *started;
  server::RaiseFileLimit(suite->logger());
  std::string ready = "ready";
  for (const auto& [service, address] : suite->addresses()) {
    absl::StrAppend(&ready, " ", service, "=", address);
  }
  environment.Print(ready + "\n");
  server::WaitForStopSignalAnd([&suite = *suite] { suite.Reload(); });
  suite->logger().Info("stopping", "asked to stop", {});
  suite->Stop();
  return absl::OkStatus();
}

}  // namespace

void AddUpCommand(CLI::App& app, Environment& environment) {
  auto options = std::make_shared<UpOptions>();
  CLI::App* command = app.add_subcommand("up",
                                         "Run every service in one process; prints one line when "
                                         "ready, and its log to standard error");
  command->add_option(
      "--business-time", options->business_time,
      "What business decisions take for now, such as 2011-12-10T00:00:00Z, not later "
      "than the machine's clock; it runs on from there, and record times stay real");
  command
      ->add_option("--ports", options->first_port,
                   "The first port; services take it and those after it, ops the next one. 0 = any "
                   "free ones (default 7001 to 7004 and 9000)")
      ->check(CLI::Range(0, kFirstPortMax));
  AddBackendOptions(*command, options->backends);
  command->add_option("--config", options->config_file,
                      "YAML file with limits.* and log.level, as a server's, for every service; "
                      "SIGHUP makes them read it again");
  command->add_option("--program-currency", options->program_currency,
                      "The currency in which orders earn points and tiers (default GBP); kept from "
                      "the first purchase on");
  command->footer(
      "The services keep their data in --data-dir (default ~/.local/share/clientele) and write\n"
      "endpoints.json there, by which other commands find them. SIGTERM or Ctrl-C ends it.\n"
      "The log, a line of JSON for each sampled call and each that failed, goes to standard "
      "error:\n"
      "`clientele up 2>up.log` keeps it apart.");
  command->callback([options, &environment] {
    if (const absl::Status status = Up(*options, environment); !status.ok()) {
      environment.Fail(status);
    }
  });
}

}  // namespace clientele::cli
