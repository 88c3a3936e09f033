#include "cli/commands/all_commands.h"

#include <sstream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "cli/commands/audit.h"
#include "cli/commands/call.h"
#include "cli/commands/complaints.h"
#include "cli/commands/customers.h"
#include "cli/commands/generate.h"
#include "cli/commands/import.h"
#include "cli/commands/points.h"
#include "cli/commands/purchases.h"
#include "cli/commands/rfm.h"
#include "cli/commands/sales.h"
#include "cli/commands/tier.h"
#include "cli/commands/usage.h"
#include "cli/commands/watch.h"

namespace clientele::cli {
namespace {

// A longer wait is a mistake; a shorter one can never be met.
constexpr absl::Duration kTimeoutMin = absl::Milliseconds(1);
constexpr absl::Duration kTimeoutMax = absl::Hours(24);

constexpr int kPortMax = 65535;

// "30s", "2m30s", "500ms"; a bare number is seconds.
bool ParseTimeout(const std::string& text, absl::Duration& timeout) {
  double seconds = 0;
  if (absl::SimpleAtod(text, &seconds)) {
    timeout = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &timeout)) {
    return false;
  }
  return timeout >= kTimeoutMin && timeout <= kTimeoutMax;
}

// host:port with a port there is; the host may be any name that gRPC resolves.
CLI::Validator AddressValidator() {
  return {[](const std::string& text) {
            const size_t colon = text.rfind(':');
            int port = 0;
            const bool fits = colon != std::string::npos && colon > 0 &&
                              absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 1 &&
                              port <= kPortMax;
            return fits ? "" : "takes host:port, such as 127.0.0.1:7001";
          },
          ""};
}

CLI::Validator NotEmptyValidator() {
  return {[](const std::string& text) { return text.empty() ? "must not be empty" : ""; }, ""};
}

void AddTimeoutOption(CLI::App& app, Environment& environment) {
  app.add_option_function<std::string>(
         "--timeout",
         [&environment](const std::string& text) {
           absl::Duration timeout;
           ParseTimeout(text, timeout);
           environment.timeout = timeout;
         },
         "How long to wait for an answer, such as 90s or 5m (default 30s)")
      ->check(CLI::Validator(
          [](const std::string& text) {
            absl::Duration timeout;
            return ParseTimeout(text, timeout) ? "" : "takes 1ms to 24h, such as 90s or 5m";
          },
          ""));
}

// What the command shows to servers that want to know who calls.
void AddCredentialOptions(CLI::App& app, Environment& environment) {
  app.add_option("--tls-ca", environment.tls.ca_file,
                 "PEM file of the authorities that may sign the server's certificate: use TLS")
      ->envname("CLIENTELE_TLS_CA");
  app.add_option("--tls-cert", environment.tls.certificate_file,
                 "PEM file of the certificate to show to a server that asks for one")
      ->envname("CLIENTELE_TLS_CERT");
  app.add_option("--tls-key", environment.tls.key_file, "PEM file of that certificate's key")
      ->envname("CLIENTELE_TLS_KEY");
  app.add_option("--token-file", environment.token_file,
                 "File with the token (JWT) to send with each call")
      ->envname("CLIENTELE_TOKEN_FILE");
}

}  // namespace

void AddAllCommands(CLI::App& app, Environment& environment) {
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("--server", environment.endpoints.server,
                 "The address of the service to talk to, host:port")
      ->check(AddressValidator());
  app.add_option("--data-dir", environment.endpoints.data_dir,
                 "The data folder of `clientele up`: talk to the services that run on it (default "
                 "~/.local/share/clientele, else the default ports)")
      ->check(NotEmptyValidator());
  app.add_flag("--json", environment.json, "Print JSON instead of text for people");
  AddTimeoutOption(app, environment);
  AddCredentialOptions(app, environment);
  AddGenerateCommand(app, environment);
  AddImportCommands(app, environment);
  AddRfmCommands(app, environment);
  AddSalesCommands(app, environment);
  AddCustomersCommands(app, environment);
  AddPurchasesCommands(app, environment);
  AddPointsCommands(app, environment);
  AddTierCommands(app, environment);
  AddComplaintsCommands(app, environment);
  AddCallCommand(app, environment);
  AddWatchCommand(app, environment);
  AddAuditCommands(app, environment);
}

int RunCommandLine(CLI::App& app, Environment& environment, int argc, const char* const* argv) {
  AddCommonFooter(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    std::ostringstream out;
    app.exit(wish, out, out);
    environment.Print(out.str());
  } catch (const CLI::ParseError& error) {
    environment.Fail(UsageError(UsageSentence(app, error)));
  }
  return environment.Finish();
}

}  // namespace clientele::cli
