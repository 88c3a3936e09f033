#include "tests/support/segmentation_load.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/status/macros.h"
#include "tests/support/rfm_runs.h"

namespace clientele::history {
namespace {

using segmentation::v1::AnalyticsService;
using segmentation::v1::RfmRun;
using segmentation::v1::RfmService;

// Only a broken server takes that long over a few customers.
constexpr absl::Duration kRunTimeout = absl::Seconds(30);

}  // namespace

SegmentationLoad::SegmentationLoad(const Target& target, std::vector<std::string> customer_ids,
                                   Failures& failures)
    : replicas_(target),
      reports_(target),
      customer_ids_(std::move(customer_ids)),
      failures_(failures) {}

void SegmentationLoad::Prepare() {
  Interval unused;
  const auto model =
      TimedCall(replicas_.at(0), &RfmService::Stub::PublishRfmModel, MakeModel(), unused);
  CLIENTELE_CHECK(model.ok());
  Random random(0);
  Start(random);
  CLIENTELE_CHECK(Await(run_ids_.front()).job().state() == common::v1::JOB_STATE_SUCCEEDED);
}

// Of a hundred calls five start a run, so that some are at work whenever a replica stops.
int64_t SegmentationLoad::Call(Random& random) {
  const int64_t draw = Draw(random, 0, 99);
  if (draw < 5) {
    Start(random);
  } else if (draw < 20) {
    Report(random);
  } else if (draw < 40) {
    ListScores(random);
  } else {
    ReadScore(random);
  }
  return 1;
}

void SegmentationLoad::Start(Random& random) {
  Interval unused;
  const auto run =
      TimedCall(replicas_.Choose(random), &RfmService::Stub::StartRun, MakeRun(random), unused);
  if (!run.ok()) {
    failures_.Add(absl::StrCat("StartRun: ", run.status().ToString()));
    return;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  run_ids_.push_back(run->run_id());
}

void SegmentationLoad::Report(Random& random) {
  segmentation::v1::ReportSalesRequest request;
  request.set_period(segmentation::v1::SALES_PERIOD_MONTH);
  Interval unused;
  const auto report =
      TimedCall(reports_.Choose(random), &AnalyticsService::Stub::ReportSales, request, unused);
  if (!report.ok()) {
    failures_.Add(absl::StrCat("ReportSales: ", report.status().ToString()));
  }
}

void SegmentationLoad::ReadScore(Random& random) {
  segmentation::v1::GetScoreRequest request;
  request.set_customer_id(customer_ids_[random() % customer_ids_.size()]);
  Interval unused;
  const auto score =
      TimedCall(replicas_.Choose(random), &RfmService::Stub::GetScore, request, unused);
  if (!score.ok()) {
    failures_.Add(absl::StrCat("GetScore: ", score.status().ToString()));
  }
}

void SegmentationLoad::ListScores(Random& random) {
  segmentation::v1::ListScoresRequest request;
  Interval unused;
  const auto page =
      TimedCall(replicas_.Choose(random), &RfmService::Stub::ListScores, request, unused);
  if (!page.ok() || page->scores().empty()) {
    failures_.Add(absl::StrCat("ListScores: ", page.status().ToString()));
  }
}

RfmRun SegmentationLoad::Await(const std::string& run_id) {
  segmentation::v1::GetRunRequest request;
  request.set_run_id(run_id);
  const absl::Time deadline = absl::Now() + kRunTimeout;
  while (true) {  // each question takes a moment, and asking is all there is to wait for
    Interval unused;
    auto run = TimedCall(replicas_.at(1), &RfmService::Stub::GetRun, request, unused);
    CLIENTELE_CHECK(run.ok() && absl::Now() < deadline);
    if (IsOver(*run)) {
      return *std::move(run);
    }
  }
}

int64_t SegmentationLoad::Check() {
  int64_t succeeded = 0;
  for (const std::string& run_id : run_ids_) {
    const RfmRun run = Await(run_id);
    if (run.job().state() == common::v1::JOB_STATE_SUCCEEDED) {
      ++succeeded;
    } else {
      failures_.Add(absl::StrCat("a run did not succeed: ", run.job().ShortDebugString()));
    }
  }
  return succeeded;
}

}  // namespace clientele::history
