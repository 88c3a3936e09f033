#include "cli/demo/demo_story.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/feed_catch_up.h"
#include "cli/client/interrupt.h"
#include "cli/commands/command.h"
#include "cli/commands/rfm_run.h"
#include "cli/demo/demo_complaint.h"
#include "cli/demo/demo_members.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace seg = clientele::segmentation::v1;

using clientele::common::v1::EventService;
using clientele::profile::v1::PurchaseService;

constexpr absl::Duration kCatchUpTimeout = absl::Minutes(10);
constexpr int kDaysBefore = 90;
constexpr int kBins = 5;
constexpr char kRuleSet[] = "growth-11";

// Waits until segmentation and loyalty have applied everything profile has recorded.
absl::Status WaitForConsumers(Environment& environment) {
  const absl::Time deadline = absl::Now() + environment.TimeoutOr(kCatchUpTimeout);
  InterruptScope interrupts;
  const FeedPause pause = [&interrupts](absl::Duration length, int64_t) {
    return interrupts.Wait(length);
  };
  CLIENTELE_ASSIGN_OR_RETURN(const auto profile, ConnectTo<EventService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(const FeedPositions wanted,
                             RecordedPositions(*profile, deadline, pause));
  for (const absl::string_view consumer : {kSegmentation, kLoyalty}) {
    CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<EventService>(environment, consumer));
    CLIENTELE_RETURN_IF_ERROR(WaitUntilConsumed(*stub, kProfile, wanted, deadline, pause));
  }
  return absl::OkStatus();
}

absl::StatusOr<DemoImport> Import(const DemoFiles& files, Environment& environment) {
  const PurchaseFile& file = files.purchases;
  const absl::Time start_time = absl::Now();
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  PurchaseImportResult result;
  CLIENTELE_RETURN_IF_ERROR(ImportPurchases(*stub, file, {}, result));
  PurchaseImportResult refunds;
  CLIENTELE_RETURN_IF_ERROR(ImportRefunds(*stub, files.refunds, {}, refunds));
  CLIENTELE_RETURN_IF_ERROR(WaitForConsumers(environment));
  DemoImport import;
  import.source = file.source;
  import.rows_read = file.rows_read + files.refunds.rows_read;
  import.customer_count = static_cast<int64_t>(file.customers.size());
  import.order_count = result.orders_recorded_count + result.orders_already_recorded_count;
  for (const PurchaseImportResult* each : {&result, &refunds}) {
    import.refund_count += each->refunds_recorded_count + each->refunds_already_recorded_count;
  }
  for (const auto& [reason, row_count] : result.rejections.RowCounts()) {
    import.rejected.emplace_back(reason, row_count);
  }
  import.elapsed = absl::Now() - start_time;
  return import;
}

// The model of both runs: the whole history of this source, gross.
seg::RfmModelSpec ModelOf(const PurchaseFile& file) {
  seg::RfmModelSpec spec;
  spec.set_method(seg::RFM_METHOD_QUANTILE);
  spec.set_bins(kBins);
  spec.set_monetary(seg::RFM_MONETARY_GROSS);
  spec.set_rule_set_id(kRuleSet);
  spec.set_source_system(file.source);
  spec.set_currency_code(std::string(file.orders.front().currency_code));
  return spec;
}

absl::Status Score(const PurchaseFile& file, absl::CivilDay today, Environment& environment,
                   DemoReport& report) {
  const seg::RfmModelSpec spec = ModelOf(file);
  CLIENTELE_ASSIGN_OR_RETURN(
      const seg::RfmRun before,
      RunRfmModel(
          {.spec = spec, .as_of = absl::FormatCivilTime(today - kDaysBefore), .force = true},
          environment));
  CLIENTELE_ASSIGN_OR_RETURN(
      report.run, RunRfmModel({.spec = spec, .as_of = absl::FormatCivilTime(today), .force = true},
                              environment));
  CLIENTELE_ASSIGN_OR_RETURN(const auto rfm,
                             ConnectTo<seg::RfmService>(environment, kSegmentation));
  seg::CompareRunsRequest compare;
  compare.set_from_run_id(before.run_id());
  compare.set_to_run_id(report.run.run_id());
  CLIENTELE_ASSIGN_OR_RETURN(report.comparison,
                             Call(environment, *rfm, &seg::RfmService::Stub::CompareRuns, compare));
  seg::GetRfmMatrixRequest matrix;
  matrix.set_run_id(report.run.run_id());
  CLIENTELE_ASSIGN_OR_RETURN(report.matrix,
                             Call(environment, *rfm, &seg::RfmService::Stub::GetRfmMatrix, matrix));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::CivilDay> DemoDay(const PurchaseFile& file) {
  if (file.orders.empty()) {
    return absl::FailedPreconditionError("the file has no order that can be taken in");
  }
  absl::Time last = absl::InfinitePast();
  for (const ImportedOrder& order : file.orders) {
    last = std::max(last, order.occur_time);
  }
  return absl::ToCivilDay(last, absl::UTCTimeZone()) + 1;
}

absl::StatusOr<DemoReport> PlayDemo(const DemoFiles& files, absl::CivilDay today,
                                    Environment& environment) {
  const PurchaseFile& file = files.purchases;
  DemoReport report;
  CLIENTELE_ASSIGN_OR_RETURN(report.import, Import(files, environment));
  CLIENTELE_RETURN_IF_ERROR(Score(file, today, environment, report));
  if (report.run.top_customers().empty()) {
    return absl::FailedPreconditionError("nobody in the file has a score");
  }
  CLIENTELE_ASSIGN_OR_RETURN(report.points, ReadPoints(file, environment));
  CLIENTELE_ASSIGN_OR_RETURN(report.complaint,
                             PutComplaintRight(report.run.top_customers(0), environment));
  CLIENTELE_ASSIGN_OR_RETURN(report.due,
                             ReadDue(file, report.complaint.customer.customer_id(), environment));
  return report;
}

}  // namespace clientele::cli
