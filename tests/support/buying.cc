#include "tests/support/buying.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"
#include "tests/support/rfm_runs.h"

namespace clientele::history {
namespace {

using loyalty::v1::MemberService;
using profile::v1::CustomerService;
using profile::v1::PurchaseService;
using segmentation::v1::RfmService;

constexpr size_t kBuyers = 24;
// Who has spent that, which is the highest tier, makes room for a new customer.
constexpr int64_t kSpendMaxMinor = 2'000'000;
// The first purchase changes what a customer is, the others nothing that a reader sees.
constexpr int64_t kVersionMade = 1;
constexpr int64_t kVersionBought = 2;

}  // namespace

Buying::Buying(const Servers& servers, std::string prefix, std::vector<std::string> members,
               KnownValues& known, Failures& failures)
    : customers_(servers.profile),
      purchases_(servers.profile),
      members_(servers.loyalty),
      runs_(servers.segmentation),
      prefix_(std::move(prefix)),
      scored_(std::move(members)),
      known_(known),
      failures_(failures),
      buyers_(kBuyers) {}

void Buying::Prepare(Random& random) {
  for (size_t number = 0; number < kBuyers; ++number) {
    CLIENTELE_CHECK(ReplaceBuyer(number, random));
  }
  Interval unused;
  CLIENTELE_CHECK(
      TimedCall(runs_.at(0), &RfmService::Stub::PublishRfmModel, MakeModel(), unused).ok());
  CLIENTELE_CHECK(Score(random));
}

std::vector<Buyer> Buying::Buyers() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return buyers_;
}

bool Buying::Buy(size_t part, size_t part_count, Random& random) {
  const size_t number = random() % (kBuyers / part_count) * part_count + part;
  const Buyer buyer = Buyers()[number];
  return buyer.spent_minor >= kSpendMaxMinor ? ReplaceBuyer(number, random)
                                             : RecordPurchase(number, buyer, random);
}

bool Buying::ReplaceBuyer(size_t number, Random& random) {
  profile::v1::CreateCustomerRequest request;
  request.mutable_customer()->set_customer_id(absl::StrCat(prefix_, ++customer_count_));
  request.mutable_customer()->mutable_attributes()->set_given_name("Ada");
  request.mutable_origin()->set_channel(profile::v1::COLLECTION_CHANNEL_SURVEY);
  Interval unused;
  const auto made =
      TimedCall(customers_.Choose(random), &CustomerService::Stub::CreateCustomer, request, unused);
  if (!failures_.IsNone("CreateCustomer", made)) {
    return false;
  }
  known_.Learn(Cached::kCustomer, made->customer_id(), kVersionMade, absl::Now());
  std::lock_guard<std::mutex> lock(mutex_);
  buyers_[number] = {.customer_id = made->customer_id()};
  return true;
}

bool Buying::RecordPurchase(size_t number, const Buyer& buyer, Random& random) {
  profile::v1::RecordPurchasesRequest request;
  request.set_request_id(DrawUuid(random));
  profile::v1::Purchase& purchase = *request.add_purchases();
  purchase.set_customer_id(buyer.customer_id);
  purchase.set_source_system("till");
  purchase.set_order_number(DrawUuid(random));
  *purchase.mutable_occur_time() = ToTimestamp(absl::Now());
  purchase.set_currency_code("GBP");
  profile::v1::PurchaseLine& line = *purchase.add_lines();
  line.set_line_number(1);
  line.set_sku("sofa");
  line.set_quantity(Draw(random, 1, 30));
  line.set_unit_price_micros(100'000'000);
  Interval unused;
  const auto recorded = TimedCall(purchases_.Choose(random),
                                  &PurchaseService::Stub::RecordPurchases, request, unused);
  if (!failures_.IsNone("RecordPurchases", recorded)) {
    return false;
  }
  CLIENTELE_CHECK(recorded->results(0).status().code() == 0);
  ++purchase_count_;
  known_.Learn(Cached::kCustomer, buyer.customer_id, kVersionBought, absl::Now());
  std::lock_guard<std::mutex> lock(mutex_);
  buyers_[number].spent_minor += line.quantity() * line.unit_price_micros() / 10'000;
  return true;
}

bool Buying::Score(Random& random) {
  Interval unused;
  auto run = TimedCall(runs_.Choose(random), &RfmService::Stub::StartRun, MakeRun(random), unused);
  while (failures_.IsNone("a run", run)) {  // each question takes a moment
    if (IsOver(*run)) {
      if (run->job().state() != common::v1::JOB_STATE_SUCCEEDED) {
        failures_.Add(absl::StrCat("a run: ", run->job().ShortDebugString()));
        return false;
      }
      ++run_count_;
      for (const std::string& member : scored_) {
        known_.Learn(Cached::kScore, member, MsOfUuid(run->run_id()), absl::Now());
      }
      return true;
    }
    segmentation::v1::GetRunRequest get;
    get.set_run_id(run->run_id());
    run = TimedCall(runs_.Choose(random), &RfmService::Stub::GetRun, get, unused);
  }
  return false;
}

int64_t Buying::FindSpend(const Buyer& buyer, Random& random) {
  loyalty::v1::ExplainTierRequest request;
  request.set_customer_id(buyer.customer_id);
  Interval unused;
  const auto explained =
      TimedCall(members_.Choose(random), &MemberService::Stub::ExplainTier, request, unused);
  if (GetErrorReason(explained.status()) == "MEMBER_NOT_FOUND" ||
      !failures_.IsNone("ExplainTier", explained)) {
    return 0;
  }
  const int64_t spend = explained->tier().net_spend().minor_units();
  known_.Learn(Cached::kTier, buyer.customer_id, spend, absl::Now());
  return spend;
}

}  // namespace clientele::history
