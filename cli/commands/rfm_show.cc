#include "cli/commands/rfm_show.h"

#include <memory>
#include <set>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/customer_lookup.h"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/output/table.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/ids/id_format.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

using clientele::common::v1::Explanation;
using clientele::profile::v1::CustomerService;
using clientele::profile::v1::LookupCustomersResponse;
using pb::RfmScore;
using pb::RfmService;

struct ShowOptions {
  std::string customer;
  std::string run_id;
  std::string source;
};

struct ListOptions {
  std::string segment;
  std::string run_id;
  PagingOptions paging;
};

nlohmann::ordered_json ScoreJson(const RfmScore& score) {
  return {{"customer_id", score.customer_id()}, {"recency_days", score.recency_days()},
          {"frequency", score.frequency()},     {"monetary_minor", score.monetary_minor()},
          {"r", score.recency_score()},         {"f", score.frequency_score()},
          {"m", score.monetary_score()},        {"segment", score.segment()}};
}

Table ScoreTable() {
  Table table;
  table.Column("customer").Column("segment").Column("cell");
  table.Column("recency days", Align::kRight).Column("orders", Align::kRight);
  table.Column("value minor", Align::kRight);
  return table;
}

void AddScoreRow(const RfmScore& score, Table& table) {
  table.Row({score.customer_id(), score.segment(), score.cell(),
             WithSeparators(score.recency_days()), WithSeparators(score.frequency()),
             WithSeparators(score.monetary_minor())});
}

std::string ExplanationText(const Explanation& explanation) {
  std::string text = absl::StrCat("\n", explanation.outcome(), " by ", explanation.rule().id(),
                                  " version ", explanation.rule().version(), "\n");
  for (const auto& input : explanation.inputs()) {
    absl::StrAppend(&text, "  ", input.name(), " = ", input.value(), " (", input.source(), ")\n");
  }
  for (const auto& check : explanation.checks()) {
    absl::StrAppend(&text, "  ", check.passed() ? "yes" : "no ", "  ", check.name(), ": ",
                    check.actual(), " ", check.operator_(), " ", check.threshold(), "\n");
  }
  if (!explanation.next_outcome().empty()) {
    absl::StrAppend(&text, "  next: ", explanation.next_outcome(),
                    ", missing: ", explanation.distance_to_next(), "\n");
  }
  return text;
}

absl::StatusOr<RfmScore> GetScore(RfmService::Stub& stub, const std::string& customer_id,
                                  const std::string& run_id, Environment& environment) {
  pb::GetScoreRequest request;
  request.set_customer_id(customer_id);
  request.set_run_id(run_id);
  return Call(environment, stub, &RfmService::Stub::GetScore, request);
}

// Everybody who goes by `options.customer` in an imported file of `source`, or of any.
absl::StatusOr<std::set<std::string>> FindBySpelling(const ShowOptions& options,
                                                     absl::string_view source,
                                                     Environment& environment) {
  std::set<std::string> ids;
  const auto request = SpellingLookup(options.customer, source);
  if (request.identifiers().empty()) {
    return ids;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const LookupCustomersResponse response,
      Call(environment, *stub, &CustomerService::Stub::LookupCustomers, request));
  for (const auto& match : response.matches()) {
    for (const auto& customer : match.customers()) {
      ids.insert(customer.customer_id());
    }
  }
  return ids;
}

// The candidates: those of --source, else those of the source whose orders the run counted, else
// those of every source.
absl::StatusOr<std::set<std::string>> FindCandidates(const ShowOptions& options,
                                                     const pb::RfmRun& run,
                                                     Environment& environment) {
  const std::string& source = options.source.empty() ? run.spec().source_system() : options.source;
  CLIENTELE_ASSIGN_OR_RETURN(std::set<std::string> ids,
                             FindBySpelling(options, source, environment));
  // A customer made by another source may have bought in the run's.
  if (ids.empty() && options.source.empty() && !source.empty()) {
    return FindBySpelling(options, "", environment);
  }
  return ids;
}

// Those of `ids` that the run scored; all of them when it scored none.
absl::StatusOr<std::set<std::string>> KeepScored(RfmService::Stub& stub,
                                                 const std::set<std::string>& ids,
                                                 const pb::RfmRun& run, Environment& environment) {
  pb::BatchGetScoresRequest request;
  request.set_run_id(run.run_id());
  request.mutable_customer_ids()->Assign(ids.begin(), ids.end());
  CLIENTELE_ASSIGN_OR_RETURN(const pb::BatchGetScoresResponse response,
                             Call(environment, stub, &RfmService::Stub::BatchGetScores, request));
  std::set<std::string> scored;
  for (const RfmScore& score : response.scores()) {
    scored.insert(score.customer_id());
  }
  return scored.empty() ? ids : scored;
}

// The score of the one customer that goes by `options.customer` in an imported file; NOT_FOUND when
// nobody does, INVALID_ARGUMENT when several do.
absl::StatusOr<RfmScore> FindScoreBySpelling(RfmService::Stub& stub, const ShowOptions& options,
                                             Environment& environment) {
  pb::GetRunRequest get_run;
  get_run.set_run_id(options.run_id);
  CLIENTELE_ASSIGN_OR_RETURN(const pb::RfmRun run,
                             Call(environment, stub, &RfmService::Stub::GetRun, get_run));
  CLIENTELE_ASSIGN_OR_RETURN(std::set<std::string> ids, FindCandidates(options, run, environment));
  if (ids.size() > 1) {
    CLIENTELE_ASSIGN_OR_RETURN(ids, KeepScored(stub, ids, run, environment));
  }
  if (ids.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat("\"", options.customer, "\" is any of ",
                                                   absl::StrJoin(ids, ", "),
                                                   ": say which, or give --source"));
  }
  if (ids.empty()) {
    return absl::NotFoundError(absl::StrCat("no customer has the id \"", options.customer,
                                            "\" or that spelling in an imported file"));
  }
  return GetScore(stub, *ids.begin(), run.run_id(), environment);
}

absl::StatusOr<RfmScore> FindScore(RfmService::Stub& stub, const ShowOptions& options,
                                   Environment& environment) {
  absl::StatusOr<RfmScore> score = absl::NotFoundError("not asked");
  const bool one_server = !environment.endpoints.server.empty();
  if (IsCallerChosenId(options.customer)) {
    score = GetScore(stub, options.customer, options.run_id, environment);
    // With --server nobody else can be asked; any other error would be the same for every id.
    if (score.ok() || GetErrorReason(score.status()) != "SCORE_NOT_FOUND" || one_server) {
      return score;
    }
  } else if (one_server) {
    return UsageError(
        "profile knows the spellings of files, and --server names segmentation only: give the "
        "customer id, or --data-dir");
  }
  absl::StatusOr<RfmScore> by_spelling = FindScoreBySpelling(stub, options, environment);
  const bool nobody = absl::IsNotFound(by_spelling.status()) && !IsFromServer(by_spelling.status());
  return nobody && IsFromServer(score.status()) ? score : by_spelling;
}

absl::Status ShowScore(const ShowOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<RfmService>(environment, kSegmentation));
  CLIENTELE_ASSIGN_OR_RETURN(const RfmScore score, FindScore(*stub, options, environment));
  if (environment.json) {
    environment.PrintJson(ScoreJson(score));
    return absl::OkStatus();
  }
  pb::ExplainScoreRequest request;
  request.set_customer_id(score.customer_id());
  request.set_run_id(score.run_id());
  CLIENTELE_ASSIGN_OR_RETURN(const pb::RfmScoreExplanation explanation,
                             Call(environment, *stub, &RfmService::Stub::ExplainScore, request));
  Table table = ScoreTable();
  AddScoreRow(score, table);
  std::string text = absl::StrCat(table.ToString(), ExplanationText(explanation.segment()));
  for (const Explanation& dimension : explanation.dimensions()) {
    text += ExplanationText(dimension);
  }
  environment.Print(text);
  return absl::OkStatus();
}

absl::Status ListScores(const ListOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<RfmService>(environment, kSegmentation));
  pb::ListScoresRequest request;
  request.set_run_id(options.run_id);
  request.set_segment(options.segment);
  return PrintPages<pb::ListScoresRequest, pb::ListScoresResponse>(
      options.paging, environment, request,
      [&](const pb::ListScoresRequest& page) {
        return Call(environment, *stub, &RfmService::Stub::ListScores, page);
      },
      [](const pb::ListScoresResponse& response) {
        Table table = ScoreTable();
        for (const RfmScore& score : response.scores()) {
          AddScoreRow(score, table);
        }
        return table;
      });
}

}  // namespace

void AddRfmShowCommands(CLI::App& app, Environment& environment) {
  CLI::App* show = app.add_subcommand("show", "Show one customer's scores and why they are so");
  auto show_options = std::make_shared<ShowOptions>();
  show->add_option("CUSTOMER", show_options->customer,
                   "A customer id, or the spelling of an imported file")
      ->required();
  show->add_option("--run", show_options->run_id, "The run (default: the latest that succeeded)");
  show->add_option("--source", show_options->source,
                   "The source whose spelling CUSTOMER is (default: the run's, else any)")
      ->check(SourceValidator());
  OnRun(show, show_options, environment, ShowScore);

  CLI::App* list = app.add_subcommand("list", "List the scores of a run");
  auto list_options = std::make_shared<ListOptions>();
  list->add_option("--segment", list_options->segment, "Only this segment, such as CHAMPIONS");
  list->add_option("--run", list_options->run_id, "The run (default: the latest that succeeded)");
  AddPagingOptions(*list, list_options->paging);
  OnRun(list, list_options, environment, ListScores);
}

}  // namespace clientele::cli
