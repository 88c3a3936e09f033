#include "services/segmentation/testing/api_fixture.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status/macros.h"
#include "services/segmentation/api/handlers/latest_run.h"
#include "services/segmentation/api/handlers/rfm_models.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/testing/test_database.h"

namespace clientele::segmentation {

absl::Time NoonOf(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone()) +
         absl::Hours(12);
}

ApiFixture::ApiFixture()
    : HandlerFixture(OpenTestDatabase()), api_(Parts(), board_, [this] { CountPoke(); }) {}

void ApiFixture::DeliverShop(int customers) {
  std::vector<common::v1::Event> events;
  int number = 0;
  for (int i = 1; i <= customers; ++i) {
    const std::string customer_id = absl::StrFormat("c-%03d", i);
    events.push_back(CustomerCreated(customer_id, NoonOf(1)));
    for (int order = 0; order < 1 + i % 9; ++order) {
      ++number;
      events.push_back(PurchaseRecorded({.customer_id = customer_id,
                                         .number = number,
                                         .occur_time = NoonOf(1 + number * 37 % 342),
                                         .gross_minor = 100 + number * 53 % 9000}));
    }
  }
  Deliver(std::move(events));
}

std::string ApiFixture::StartRun(const v1::RfmModelSpec& spec, bool force) {
  v1::PublishRfmModelRequest publish;
  publish.set_model_id("shop");
  *publish.mutable_spec() = spec;
  rpc::CallContext call = Call();
  CLIENTELE_CHECK(RfmModels(api_).Publish(call, publish).ok());
  v1::StartRunRequest start;
  start.set_model_id("shop");
  start.set_as_of_date("2011-12-10");
  start.set_force(force);
  const absl::StatusOr<v1::RfmRun> run = RfmRuns(api_).Start(call, start);
  CLIENTELE_CHECK(run.ok());
  return run->run_id();
}

RunReport ApiFixture::RunNext() {
  RfmExecutor executor(database(), record_clock(), board_, stopping_, 2, "local");
  absl::StatusOr<std::optional<RunReport>> report = executor.RunNext();
  CLIENTELE_CHECK(report.ok() && report->has_value());
  if ((*report)->state == RunState::kSucceeded) {
    OutdateLatestRun(api_, (*report)->run_no);
  }
  return **std::move(report);
}

v1::RfmRun ApiFixture::GetRun(const std::string& run_id) {
  v1::GetRunRequest request;
  request.set_run_id(run_id);
  rpc::CallContext call = Call();
  absl::StatusOr<v1::RfmRun> run = RfmRuns(api_).Get(call, request);
  CLIENTELE_CHECK(run.ok());
  return *std::move(run);
}

v1::RfmModelSpec GrowthSpec() {
  v1::RfmModelSpec spec;
  spec.set_method(v1::RFM_METHOD_QUANTILE);
  spec.set_monetary(v1::RFM_MONETARY_GROSS);
  spec.set_rule_set_id("growth-11");
  spec.mutable_gates()->set_buyers_min(20);
  return spec;
}

}  // namespace clientele::segmentation
