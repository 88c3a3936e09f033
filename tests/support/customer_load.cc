#include "tests/support/customer_load.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ids/etag.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::history {
namespace {

using common::v1::Consistency;
using profile::v1::Customer;
using profile::v1::CustomerService;
using profile::v1::PurchaseService;

constexpr int64_t kCustomers = 16;
constexpr int kCustomersPerRead = 8;
constexpr int64_t kPurchasesPerCall = 10;

std::string CustomerIdOf(int64_t number) { return absl::StrCat("changing-", number); }

Version VersionOf(const Customer& customer) {
  const std::optional<int64_t> number = ParseEtag(customer.etag());
  Version version;
  CLIENTELE_CHECK(number.has_value() &&
                  absl::SimpleAtoi(customer.attributes().given_name(), &version.value));
  version.number = *number;
  return version;
}

void SetOrigin(profile::v1::FactOrigin& origin) {
  origin.set_channel(profile::v1::COLLECTION_CHANNEL_SYSTEM);
}

}  // namespace

CustomerLoad::CustomerLoad(const Target& target, Consistency strong, Failures& failures)
    : replicas_(target), strong_(strong), failures_(failures) {}

void CustomerLoad::Create() {
  for (int64_t number = 0; number < kCustomers; ++number) {
    profile::v1::CreateCustomerRequest request;
    request.mutable_customer()->set_customer_id(CustomerIdOf(number));
    request.mutable_customer()->mutable_attributes()->set_given_name(absl::StrCat(++last_value_));
    SetOrigin(*request.mutable_origin());
    Interval when;
    const auto made =
        TimedCall(replicas_.at(0), &CustomerService::Stub::CreateCustomer, request, when);
    CLIENTELE_CHECK(made.ok());
    histories_[made->customer_id()].writes.push_back({.version = VersionOf(*made), .when = when});
    known_[made->customer_id()] = VersionOf(*made).number;
  }
}

int64_t CustomerLoad::Call(Random& random) {
  const int64_t draw = Draw(random, 0, 9);
  return draw < 4 ? Update(random) : draw < 8 ? ReadOne(random) : ReadOwnWrites(random);
}

int64_t CustomerLoad::KnownVersion(const std::string& customer_id) {
  std::lock_guard<std::mutex> lock(mutex_);
  return known_[customer_id];
}

// Three in four insist on the version that is the newest as far as is known.
int64_t CustomerLoad::Update(Random& random) {
  const std::string customer_id = CustomerIdOf(Draw(random, 0, kCustomers - 1));
  const int64_t expected = random() % 4 == 0 ? 0 : KnownVersion(customer_id);
  profile::v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id(customer_id);
  request.mutable_customer()->mutable_attributes()->set_given_name(absl::StrCat(++last_value_));
  request.mutable_update_mask()->add_paths("attributes.given_name");
  SetOrigin(*request.mutable_origin());
  if (expected != 0) {
    request.mutable_customer()->set_etag(EtagOf(expected));
  }
  Interval when;
  const auto updated =
      TimedCall(replicas_.Choose(random), &CustomerService::Stub::UpdateCustomer, request, when);
  std::lock_guard<std::mutex> lock(mutex_);
  if (updated.ok()) {
    const Version version = VersionOf(*updated);
    histories_[customer_id].writes.push_back({.version = version, .when = when});
    known_[customer_id] = std::max(known_[customer_id], version.number);
    if (expected != 0 && version.number != expected + 1) {
      failures_.Add("an update made another version than the one after its etag");
    }
  } else if (expected != 0 && GetErrorReason(updated.status()) == "ETAG_MISMATCH") {
    histories_[customer_id].refusals.push_back(
        {.when = when,
         .is_due = [expected](const Version& state) { return state.number != expected; }});
  } else {
    failures_.Add(absl::StrCat("UpdateCustomer: ", updated.status().ToString()));
  }
  return 1;
}

void CustomerLoad::RememberRead(const Customer& customer, const Interval& when, int64_t version_min,
                                bool is_strong) {
  const Version version = VersionOf(customer);
  std::lock_guard<std::mutex> lock(mutex_);
  int64_t& known = known_[customer.customer_id()];
  known = std::max(known, version.number);
  histories_[customer.customer_id()].reads.push_back(
      {.version = version, .when = when, .version_min = version_min, .is_strong = is_strong});
}

// A strong one, or one that insists on what somebody was told.
int64_t CustomerLoad::ReadOne(Random& random) {
  const bool is_strong = random() % 2 == 0;
  profile::v1::GetCustomerRequest request;
  request.set_customer_id(CustomerIdOf(Draw(random, 0, kCustomers - 1)));
  const int64_t version_min = is_strong ? 0 : KnownVersion(request.customer_id());
  if (is_strong) {
    request.set_consistency(strong_);
  } else {
    request.set_min_etag(EtagOf(version_min));
  }
  Interval when;
  const auto customer =
      TimedCall(replicas_.Choose(random), &CustomerService::Stub::GetCustomer, request, when);
  if (customer.ok()) {
    RememberRead(*customer, when, version_min, is_strong);
  } else {
    failures_.Add(absl::StrCat("GetCustomer: ", customer.status().ToString()));
  }
  return 1;
}

int64_t CustomerLoad::ReadOwnWrites(Random& random) {
  profile::v1::BatchGetCustomersRequest request;
  std::vector<int64_t> versions_min;
  versions_min.reserve(kCustomersPerRead);
  for (int i = 0; i < kCustomersPerRead; ++i) {
    request.add_customer_ids(CustomerIdOf(Draw(random, 0, kCustomers - 1)));
    versions_min.push_back(KnownVersion(request.customer_ids(i)));
    request.add_min_etags(EtagOf(versions_min.back()));
  }
  Interval when;
  const auto answer =
      TimedCall(replicas_.Choose(random), &CustomerService::Stub::BatchGetCustomers, request, when);
  if (!answer.ok() || answer->customers_size() != kCustomersPerRead) {
    failures_.Add(absl::StrCat("BatchGetCustomers: ", answer.status().ToString()));
    return kCustomersPerRead;
  }
  for (int i = 0; i < kCustomersPerRead; ++i) {
    RememberRead(answer->customers(i), when, versions_min[i], false);
  }
  return kCustomersPerRead;
}

CustomerLoad::Verdict CustomerLoad::Check() {
  Verdict verdict;
  for (auto& [customer_id, history] : histories_) {
    verdict.updates += static_cast<int64_t>(history.writes.size());
    verdict.refusals += static_cast<int64_t>(history.refusals.size());
    verdict.reads += static_cast<int64_t>(history.reads.size());
    profile::v1::GetCustomerRequest request;
    request.set_customer_id(customer_id);
    request.set_consistency(common::v1::CONSISTENCY_STRONG);
    Interval unused;
    const auto customer =
        TimedCall(replicas_.at(1), &CustomerService::Stub::GetCustomer, request, unused);
    CLIENTELE_CHECK(customer.ok());
    history.stored.push_back(VersionOf(*customer));
    verdict.anomalies.Add(FindAnomalies(history));
  }
  return verdict;
}

PurchaseLoad::PurchaseLoad(const Target& target, std::vector<std::string> customer_ids,
                           Failures& failures)
    : replicas_(target), customer_ids_(std::move(customer_ids)), failures_(failures) {}

int64_t PurchaseLoad::Call(Random& random) {
  profile::v1::RecordPurchasesRequest request;
  request.set_request_id(DrawUuid(random));
  for (int64_t i = 0; i < kPurchasesPerCall; ++i) {
    profile::v1::Purchase& purchase = *request.add_purchases();
    purchase.set_customer_id(customer_ids_[random() % customer_ids_.size()]);
    purchase.set_source_system("till");
    purchase.set_order_number(DrawUuid(random));
    *purchase.mutable_occur_time() = ToTimestamp(absl::Now());
    purchase.set_currency_code("GBP");
    profile::v1::PurchaseLine& line = *purchase.add_lines();
    line.set_line_number(1);
    line.set_sku("tea");
    line.set_quantity(Draw(random, 1, 20));
    line.set_unit_price_micros(2'550'000);
  }
  const auto record = [&](size_t replica, Interval& when) {
    return TimedCall(replicas_.at(replica), &PurchaseService::Stub::RecordPurchases, request, when);
  };
  const int64_t begin_ns = NowNs();
  Interval unused[2];
  absl::StatusOr<profile::v1::RecordPurchasesResponse> other;
  std::thread beside([&] { other = record(1, unused[1]); });
  const auto answer = record(0, unused[0]);
  beside.join();
  if (!answer.ok() || !other.ok() || answer->SerializeAsString() != other->SerializeAsString()) {
    failures_.Add(absl::StrCat("RecordPurchases: ", answer.status().ToString(), ", ",
                               other.status().ToString()));
    return kPurchasesPerCall;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& result : answer->results()) {
    if (result.status().code() != 0) {
      failures_.Add(absl::StrCat("a purchase was refused: ", result.status().message()));
    }
    begin_ns_[result.purchase_id()] = begin_ns;
  }
  return kPurchasesPerCall;
}

}  // namespace clientele::history
