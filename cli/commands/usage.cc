#include "cli/commands/usage.h"

#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace clientele::cli {
namespace {

constexpr char kRootFooter[] =
    "The options above go with every command; `clientele COMMAND --help` says what else it takes.\n"
    "Exit codes: 0 done, 1 an RPC failed or the data is wrong, 2 a wrong command line.";

constexpr char kCommandFooter[] =
    "Also --server, --data-dir, --json and --timeout: see `clientele --help`.";

// The last command of the line that exists, as it was typed.
struct Reached {
  const CLI::App* app;
  std::string name;  // "clientele rfm run"
};

Reached FollowCommands(const CLI::App& app) {
  Reached reached{&app, app.get_name()};
  for (std::vector<CLI::App*> next = app.get_subcommands(); !next.empty();
       next = reached.app->get_subcommands()) {
    reached.app = next.front();
    absl::StrAppend(&reached.name, " ", reached.app->get_name());
  }
  return reached;
}

std::string CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return absl::StrJoin(names, ", ");
}

// The line lacks a command, or has one that there is not.
std::string MissingCommand(const Reached& reached, const std::vector<std::string>& unknown) {
  const std::string known = CommandsOf(*reached.app);
  if (unknown.empty()) {
    return absl::StrCat("`", reached.name, "` needs a command: one of ", known);
  }
  const char* const kind = absl::StartsWith(unknown.front(), "-") ? "option" : "command";
  return absl::StrCat("`", reached.name, "` has no ", kind, " ", unknown.front(),
                      "; its commands are ", known);
}

}  // namespace

std::string UsageSentence(const CLI::App& app, const CLI::ParseError& error) {
  const Reached reached = FollowCommands(app);
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  const std::string message = error.what();
  const bool has_commands = !CommandsOf(*reached.app).empty();
  const auto kind = static_cast<CLI::ExitCodes>(error.get_exit_code());
  if (kind == CLI::ExitCodes::RequiredError && has_commands) {
    return MissingCommand(reached, unknown);
  }
  if (kind == CLI::ExitCodes::ExtrasError && !unknown.empty()) {
    return absl::StrCat("`", reached.name, "` does not take ", unknown.front());
  }
  if (kind == CLI::ExitCodes::ArgumentMismatch && absl::EndsWith(message, " missing")) {
    return absl::StrCat(message.substr(0, message.find(':')), " needs a value");
  }
  return message;
}

void AddCommonFooter(CLI::App& app) {
  const bool is_root = app.get_parent() == nullptr;
  const std::string own = app.get_footer();
  app.footer(absl::StrCat(own, own.empty() || absl::EndsWith(own, "\n") ? "" : "\n\n",
                          is_root ? kRootFooter : kCommandFooter));
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    AddCommonFooter(*command);
  }
}

}  // namespace clientele::cli
