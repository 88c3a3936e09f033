#include "cli/commands/paging.h"

#include "CLI/CLI.hpp"
#include "cli/commands/command.h"

namespace clientele::cli {

void AddPagingOptions(CLI::App& command, PagingOptions& options) {
  command.add_option("--page-size", options.page_size, "Items per page (default: the server's)")
      ->check(PositiveValidator());
  command.add_option("--page-token", options.page_token, "The next_page_token of the page before");
  command.add_flag("--all", options.all, "Every page; with --json one line per page");
}

}  // namespace clientele::cli
