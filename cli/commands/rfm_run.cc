#include "cli/commands/rfm_run.h"

#include <algorithm>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/feed_catch_up.h"
#include "cli/client/interrupt.h"
#include "cli/commands/command.h"
#include "cli/commands/rfm_report.h"
#include "cli/commands/rfm_spec.h"
#include "cli/output/progress_bar.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/status/macros.h"
#include "common/time/civil.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

using clientele::common::v1::EventService;
using pb::RfmRun;
using pb::RfmService;

struct RunOptions {
  RfmSpecOptions spec;
  std::string as_of;
  bool force = false;
};

constexpr absl::Duration kRunTimeout = absl::Minutes(10);
constexpr absl::Duration kPollMin = absl::Milliseconds(50);
constexpr absl::Duration kPollMax = absl::Milliseconds(500);

constexpr char kFooter[] =
    "Before it starts, the command waits until segmentation has read everything that profile had\n"
    "recorded, so that a run right after an import counts it. Ctrl-C cancels the run.\n"
    "--timeout bounds the whole command (default 10m).";

// One `rfm run` from the first wait to the finished run.
class RunCommand {
 public:
  RunCommand(const RfmRunOrder& order, Environment& environment)
      : order_(order),
        environment_(environment),
        deadline_(absl::Now() + environment.TimeoutOr(kRunTimeout)),
        bar_(environment.err(), !environment.json) {}

  absl::StatusOr<RfmRun> Run() {
    CLIENTELE_ASSIGN_OR_RETURN(rfm_, ConnectTo<RfmService>(environment_, kSegmentation));
    CLIENTELE_RETURN_IF_ERROR(WaitForFeed());
    CLIENTELE_ASSIGN_OR_RETURN(RfmRun run, Start(order_.spec));
    CLIENTELE_ASSIGN_OR_RETURN(run, Follow(std::move(run)));
    bar_.Clear();
    switch (run.job().state()) {
      case clientele::common::v1::JOB_STATE_SUCCEEDED:
        return run;
      case clientele::common::v1::JOB_STATE_FAILED:
        return FailureOf(run);
      default:
        return absl::CancelledError(absl::StrCat("run ", run.run_id(), " was cancelled"));
    }
  }

 private:
  absl::Status WaitForFeed() {
    CLIENTELE_ASSIGN_OR_RETURN(const auto segmentation,
                               ConnectTo<EventService>(environment_, kSegmentation));
    const FeedPause pause = [this](absl::Duration length, int64_t events_behind) {
      bar_.Update("waiting for segmentation to catch up, events left", events_behind, 0);
      return interrupts_.Wait(length);
    };
    absl::StatusOr<FeedPositions> wanted = ProfilePositions(pause);
    if (absl::IsUnavailable(wanted.status())) {
      CLIENTELE_ASSIGN_OR_RETURN(wanted, HeardPositions(*segmentation, kProfile, deadline_));
      environment_.Note(
          "clientele: profile cannot be asked for its latest events; going by what segmentation "
          "has heard of");
    }
    CLIENTELE_RETURN_IF_ERROR(wanted.status());
    return WaitUntilConsumed(*segmentation, kProfile, *wanted, deadline_, pause);
  }

  absl::StatusOr<FeedPositions> ProfilePositions(const FeedPause& pause) {
    if (!environment_.endpoints.server.empty()) {
      return absl::UnavailableError("--server names segmentation only");
    }
    CLIENTELE_ASSIGN_OR_RETURN(const auto profile, ConnectTo<EventService>(environment_, kProfile));
    return RecordedPositions(*profile, deadline_, pause);
  }

  absl::StatusOr<RfmRun> Start(const pb::RfmModelSpec& spec) {
    pb::PublishRfmModelRequest publish;
    publish.set_request_id(environment_.NewRequestId());
    publish.set_model_id(RfmModelId(spec));
    *publish.mutable_spec() = spec;
    CLIENTELE_ASSIGN_OR_RETURN(
        const pb::RfmModel model,
        Call(environment_, *rfm_, &RfmService::Stub::PublishRfmModel, publish));
    pb::StartRunRequest start;
    start.set_request_id(environment_.NewRequestId());
    start.set_model_id(model.model_id());
    start.set_model_version(model.version());
    start.set_as_of_date(order_.as_of);
    start.set_force(order_.force);
    return Call(environment_, *rfm_, &RfmService::Stub::StartRun, start);
  }

  // Polls until the run has ended. A second Ctrl-C, or the time limit, leaves it alone.
  absl::StatusOr<RfmRun> Follow(RfmRun run) {
    absl::Duration poll = kPollMin;
    bool cancelled = false;
    while (!IsFinal(run)) {
      bar_.Update(absl::StrCat("run ", run.run_id(), " ", run.job().phase()),
                  run.job().done_count(), run.job().total_count());
      if (absl::Now() >= deadline_) {
        return absl::DeadlineExceededError(
            absl::StrCat("run ", run.run_id(), " has not ended in time; it goes on at the server"));
      }
      if (interrupts_.Wait(std::min(poll, deadline_ - absl::Now()))) {
        if (cancelled) {
          return absl::CancelledError(absl::StrCat("run ", run.run_id(), " is being cancelled"));
        }
        cancelled = true;
        CLIENTELE_ASSIGN_OR_RETURN(run, Cancel(run.run_id()));
      }
      poll = std::min(poll * 2, kPollMax);
      pb::GetRunRequest get;
      get.set_run_id(run.run_id());
      CLIENTELE_ASSIGN_OR_RETURN(run, Call(environment_, *rfm_, &RfmService::Stub::GetRun, get));
    }
    return run;
  }

  absl::StatusOr<RfmRun> Cancel(const std::string& run_id) {
    pb::CancelRunRequest cancel;
    cancel.set_request_id(environment_.NewRequestId());
    cancel.set_run_id(run_id);
    return Call(environment_, *rfm_, &RfmService::Stub::CancelRun, cancel);
  }

  static absl::Status FailureOf(const RfmRun& run) {
    const absl::Status error = FromServer(run.job().error());
    return error.ok() ? absl::UnknownError(absl::StrCat("run ", run.run_id(), " failed")) : error;
  }

  static bool IsFinal(const RfmRun& run) {
    return run.job().state() >= clientele::common::v1::JOB_STATE_SUCCEEDED;
  }

  const RfmRunOrder& order_;
  Environment& environment_;
  InterruptScope interrupts_;
  const absl::Time deadline_;
  ProgressBar bar_;
  std::unique_ptr<RfmService::Stub> rfm_;
};

// Fixed monetary edges were given in major units before the currency was known.
absl::Status CheckCurrency(const RunOptions& options, const RfmRun& run) {
  const std::string& used = run.spec().currency_code();
  if (options.spec.edges_monetary.empty() ||
      CurrencyDigits(used) == CurrencyDigits(options.spec.currency)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the orders are in ", used,
                   ", whose minor unit has other decimal places than --edges-monetary was read "
                   "with: run again with --currency ",
                   used));
}

absl::Status RunRfm(const RunOptions& options, Environment& environment) {
  if (!ParseDate(options.as_of).ok()) {
    return UsageError("--as-of takes a date such as 2011-12-10");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const pb::RfmModelSpec spec, RfmSpecFromOptions(options.spec));
  const absl::Time start_time = absl::Now();
  CLIENTELE_ASSIGN_OR_RETURN(
      const RfmRun run,
      RunRfmModel({.spec = spec, .as_of = options.as_of, .force = options.force}, environment));
  CLIENTELE_RETURN_IF_ERROR(CheckCurrency(options, run));
  const absl::Duration elapsed = absl::Now() - start_time;
  if (!environment.json) {
    environment.Print(RfmRunText(run, elapsed));
    return absl::OkStatus();
  }
  environment.PrintJson(RfmRunJson(run, elapsed));
  if (const std::string gates = FailedGatesText(run); !gates.empty()) {
    environment.Note(gates);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RfmRun> RunRfmModel(const RfmRunOrder& order, Environment& environment) {
  return RunCommand(order, environment).Run();
}

void AddRfmRunCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("run", "Score every customer and name the segments");
  auto options = std::make_shared<RunOptions>();
  command->add_option("--as-of", options->as_of, "Count orders before this day, YYYY-MM-DD")
      ->required();
  AddRfmSpecOptions(*command, options->spec);
  command->add_flag("--force", options->force,
                    "Run even if the data cannot support it; the failed gates are shown");
  command->footer(kFooter);
  OnRun(command, options, environment, RunRfm);
}

}  // namespace clientele::cli
