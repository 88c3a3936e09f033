#ifndef CLI_COMMANDS_PAGING_H_
#define CLI_COMMANDS_PAGING_H_

// The options and the loop of every command that lists.

#include <string>

#include "CLI/App.hpp"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/environment.h"
#include "cli/output/table.h"
#include "common/status/macros.h"

namespace clientele::cli {

// Pages of one `--all`; beyond it a caller wants an export, not a list.
inline constexpr int kPagesMax = 10'000;

struct PagingOptions {
  int page_size = 0;  // 0 = the server's default
  std::string page_token;
  bool all = false;
};

// Adds --page-size, --page-token and --all.
void AddPagingOptions(CLI::App& command, PagingOptions& options);

// Fetches one page, or every page with --all, and prints each as it comes: with --json the response
// on a line of its own, else as the table that `to_table` makes. `fetch` takes the request with
// page_size and page_token set.
template <typename Request, typename Response>
absl::Status PrintPages(const PagingOptions& options, const Environment& environment,
                        Request request,
                        absl::FunctionRef<absl::StatusOr<Response>(const Request&)> fetch,
                        absl::FunctionRef<Table(const Response&)> to_table) {
  request.set_page_size(options.page_size);
  request.set_page_token(options.page_token);
  for (int page = 0; page < kPagesMax; ++page) {
    CLIENTELE_ASSIGN_OR_RETURN(const Response response, fetch(request));
    if (environment.json) {
      environment.PrintMessage(response);
    } else {
      environment.Print(to_table(response).ToString());
    }
    request.set_page_token(response.next_page_token());
    if (response.next_page_token().empty()) {
      return absl::OkStatus();
    }
    if (!options.all) {
      if (!environment.json) {
        environment.Note(absl::StrCat("more: --page-token '", response.next_page_token(), "'"));
      }
      return absl::OkStatus();
    }
  }
  return absl::ResourceExhaustedError(absl::StrCat("stopped after ", kPagesMax, " pages"));
}

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PAGING_H_
