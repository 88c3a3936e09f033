#include "cli/commands/rfm_compare.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/commands/rfm_movement_text.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/status/macros.h"
#include "common/time/civil.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

using pb::RfmRun;
using pb::RfmService;

// The newest runs that --days looks through: the most that one page holds.
constexpr int kRunsSearchedMax = 500;
constexpr int kDaysMax = 36'500;

constexpr char kFooter[] =
    "With --days the run after is the one of the latest day, the run before the newest one of the\n"
    "same model, else of the same rules, that many days earlier. Nothing is scored anew.";

struct CompareOptions {
  std::string from_run_id;
  std::string to_run_id;
  int days = 0;
  bool all = false;
};

bool HasSucceeded(const RfmRun& run) {
  return run.job().state() == clientele::common::v1::JOB_STATE_SUCCEEDED;
}

// The newest of those with the latest day; nullptr when none has succeeded. `runs` are newest
// first.
const RfmRun* LatestRun(const pb::ListRunsResponse& runs) {
  const RfmRun* latest = nullptr;
  for (const RfmRun& run : runs.runs()) {
    // Dates of one form and length sort as text.
    if (HasSucceeded(run) && (latest == nullptr || run.as_of_date() > latest->as_of_date())) {
      latest = &run;
    }
  }
  return latest;
}

// The newest run of `date` that `to` can be compared with, of the same model if there is one.
const RfmRun* RunOfDate(const pb::ListRunsResponse& runs, const std::string& date,
                        const RfmRun& to) {
  const RfmRun* found = nullptr;
  for (const RfmRun& run : runs.runs()) {
    if (!HasSucceeded(run) || run.as_of_date() != date ||
        run.spec().rule_set_id() != to.spec().rule_set_id()) {
      continue;
    }
    if (run.model_id() == to.model_id()) {
      return &run;
    }
    found = found == nullptr ? &run : found;
  }
  return found;
}

// The request for the two runs that --days means.
absl::StatusOr<pb::CompareRunsRequest> FindRuns(RfmService::Stub& stub, int days,
                                                Environment& environment) {
  pb::ListRunsRequest list;
  list.set_page_size(kRunsSearchedMax);
  CLIENTELE_ASSIGN_OR_RETURN(const pb::ListRunsResponse runs,
                             Call(environment, stub, &RfmService::Stub::ListRuns, list));
  const RfmRun* to = LatestRun(runs);
  if (to == nullptr) {
    return absl::NotFoundError("no run has succeeded yet: see `clientele rfm run --help`");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const absl::CivilDay to_day, ParseDate(to->as_of_date()));
  const std::string date = FormatDate(to_day - days);
  const RfmRun* from = RunOfDate(runs, date, *to);
  if (from == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("no run with the rules ", to->spec().rule_set_id(), " as of ", date, ", ",
                     days, " days before ", to->as_of_date(),
                     ": make one with `clientele rfm run --as-of ", date, " …` first"));
  }
  pb::CompareRunsRequest request;
  request.set_from_run_id(from->run_id());
  request.set_to_run_id(to->run_id());
  return request;
}

absl::StatusOr<pb::CompareRunsRequest> RequestOf(RfmService::Stub& stub,
                                                 const CompareOptions& options,
                                                 Environment& environment) {
  if (options.days != 0) {
    return FindRuns(stub, options.days, environment);
  }
  pb::CompareRunsRequest request;
  request.set_from_run_id(options.from_run_id);
  request.set_to_run_id(options.to_run_id);
  return request;
}

absl::Status CompareRuns(const CompareOptions& options, Environment& environment) {
  if (options.from_run_id.empty() == (options.days == 0)) {
    return UsageError("name two runs, or give --days alone");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<RfmService>(environment, kSegmentation));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::CompareRunsRequest request,
                             RequestOf(*stub, options, environment));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::RfmComparison comparison,
                             Call(environment, *stub, &RfmService::Stub::CompareRuns, request));
  if (environment.json) {
    environment.PrintMessage(comparison);
  } else {
    environment.Print(
        RfmComparisonText(comparison, options.all ? MovementRows::kAll : MovementRows::kLargest));
  }
  return absl::OkStatus();
}

}  // namespace

void AddRfmCompareCommand(CLI::App& app, Environment& environment) {
  CLI::App* command =
      app.add_subcommand("compare", "Show how customers moved between segments since another run");
  auto options = std::make_shared<CompareOptions>();
  command->add_option("RUN_FROM", options->from_run_id, "The run before");
  command->add_option("RUN_TO", options->to_run_id,
                      "The run after (default: the latest that succeeded)");
  command
      ->add_option("--days", options->days,
                   "Compare the run of the latest day with the one so many days earlier")
      ->check(CLI::Range(1, kDaysMax));
  command->add_flag("--all", options->all, "Show every movement, not only the ten largest");
  command->footer(kFooter);
  OnRun(command, options, environment, CompareRuns);
}

}  // namespace clientele::cli
