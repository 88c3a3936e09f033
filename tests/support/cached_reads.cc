#include "tests/support/cached_reads.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/ids/etag.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::history {
namespace {

using common::v1::Consistency;
using loyalty::v1::MemberService;
using profile::v1::CustomerService;
using segmentation::v1::RfmService;

// Where the tiers of the default program begin.
constexpr std::array<int64_t, 3> kThresholdsMinor = {100'000, 500'000, 2'000'000};

Answer ToAnswer(const profile::v1::Customer& customer) {
  const std::optional<int64_t> version = ParseEtag(customer.etag());
  CLIENTELE_CHECK(version.has_value());
  return {.value = *version, .text = customer.SerializeAsString()};
}

Answer ToAnswer(loyalty::v1::MemberTier tier) {
  tier.clear_as_of_time();
  const int64_t spend = tier.net_spend().minor_units();
  return {
      .value = spend, .text = tier.SerializeAsString(), .is_torn = RankOf(spend) != tier.rank()};
}

Answer ToAnswer(const segmentation::v1::RfmScore& score) {
  return {.value = MsOfUuid(score.run_id()), .text = score.SerializeAsString()};
}

const auto& EntitiesOf(const profile::v1::BatchGetCustomersResponse& response) {
  return response.customers();
}
const auto& EntitiesOf(const loyalty::v1::BatchGetTiersResponse& response) {
  return response.tiers();
}
const auto& EntitiesOf(const segmentation::v1::BatchGetScoresResponse& response) {
  return response.scores();
}

// Of a Get.
template <typename Entity>
absl::StatusOr<Answers> ToOneAnswer(const absl::StatusOr<Entity>& entity) {
  if (entity.ok()) {
    return Answers{{entity->customer_id(), ToAnswer(*entity)}};
  }
  if (GetErrorReason(entity.status()) == "MEMBER_NOT_FOUND") {
    return Answers();
  }
  return entity.status();
}

// Of a BatchGet.
template <typename Response>
absl::StatusOr<Answers> ToAnswers(const absl::StatusOr<Response>& response) {
  CLIENTELE_RETURN_IF_ERROR(response.status());
  Answers answers;
  for (const auto& entity : EntitiesOf(*response)) {
    answers.insert_or_assign(entity.customer_id(), ToAnswer(entity));
  }
  return answers;
}

template <typename Request>
Request MakeRequest(const std::string& customer_id, Consistency consistency) {
  Request request;
  request.set_customer_id(customer_id);
  request.set_consistency(consistency);
  return request;
}

template <typename Request>
Request MakeRequest(const std::vector<std::string>& customer_ids, Consistency consistency) {
  Request request;
  request.mutable_customer_ids()->Add(customer_ids.begin(), customer_ids.end());
  request.set_consistency(consistency);
  return request;
}

}  // namespace

int64_t RankOf(int64_t net_spend_minor) {
  int64_t rank = 0;
  for (const int64_t threshold : kThresholdsMinor) {
    rank += net_spend_minor >= threshold ? 1 : 0;
  }
  return rank;
}

int64_t MsOfUuid(const std::string& uuid) {
  int64_t ms = 0;
  CLIENTELE_CHECK(absl::SimpleHexAtoi(absl::StrCat(uuid.substr(0, 8), uuid.substr(9, 4)), &ms));
  return ms;
}

CachedReads::CachedReads(const Target& profile, const Target& loyalty, const Target& segmentation)
    : customers_(profile), members_(loyalty), scores_(segmentation) {}

absl::StatusOr<Answers> CachedReads::Get(Cached what, size_t replica,
                                         const std::string& customer_id,
                                         Consistency consistency) const {
  Interval unused;
  switch (what) {
    case Cached::kCustomer:
      return ToOneAnswer(TimedCall(
          customers_.at(replica), &CustomerService::Stub::GetCustomer,
          MakeRequest<profile::v1::GetCustomerRequest>(customer_id, consistency), unused));
    case Cached::kTier:
      return ToOneAnswer(
          TimedCall(members_.at(replica), &MemberService::Stub::GetTier,
                    MakeRequest<loyalty::v1::GetTierRequest>(customer_id, consistency), unused));
    case Cached::kScore:
      break;
  }
  return ToOneAnswer(
      TimedCall(scores_.at(replica), &RfmService::Stub::GetScore,
                MakeRequest<segmentation::v1::GetScoreRequest>(customer_id, consistency), unused));
}

absl::StatusOr<Answers> CachedReads::BatchGet(Cached what, size_t replica,
                                              const std::vector<std::string>& customer_ids,
                                              Consistency consistency) const {
  Interval unused;
  switch (what) {
    case Cached::kCustomer:
      return ToAnswers(TimedCall(
          customers_.at(replica), &CustomerService::Stub::BatchGetCustomers,
          MakeRequest<profile::v1::BatchGetCustomersRequest>(customer_ids, consistency), unused));
    case Cached::kTier:
      return ToAnswers(TimedCall(
          members_.at(replica), &MemberService::Stub::BatchGetTiers,
          MakeRequest<loyalty::v1::BatchGetTiersRequest>(customer_ids, consistency), unused));
    case Cached::kScore:
      break;
  }
  return ToAnswers(TimedCall(
      scores_.at(replica), &RfmService::Stub::BatchGetScores,
      MakeRequest<segmentation::v1::BatchGetScoresRequest>(customer_ids, consistency), unused));
}

void KnownValues::Learn(Cached what, const std::string& customer_id, int64_t value,
                        absl::Time time) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto& times = times_[static_cast<size_t>(what)][customer_id];
  if (times.empty() || times.rbegin()->first < value) {
    times.emplace_hint(times.end(), value, time);
  }
}

int64_t KnownValues::At(Cached what, const std::string& customer_id, absl::Time time) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto& all = times_[static_cast<size_t>(what)];
  const auto times = all.find(customer_id);
  if (times == all.end()) {
    return 0;
  }
  for (auto known = times->second.rbegin(); known != times->second.rend(); ++known) {
    if (known->second <= time) {
      return known->first;
    }
  }
  return 0;
}

}  // namespace clientele::history
