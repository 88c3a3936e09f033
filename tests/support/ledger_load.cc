#include "tests/support/ledger_load.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::history {
namespace {

using loyalty::v1::BatchPostRequest;
using loyalty::v1::LedgerEntry;
using loyalty::v1::LedgerService;

constexpr int kPostingsPerBatch = 40;
constexpr int kPageSize = 500;
// Small enough that many are refused for want of points.
constexpr int64_t kGivenMax = 50;
constexpr int64_t kTakenMax = 90;

Version VersionOf(const LedgerEntry& entry) {
  return {.number = entry.seq(), .value = entry.balance_after()};
}

const std::string& CustomerOf(const BatchPostRequest::Posting& posting) {
  return posting.has_redeem() ? posting.redeem().customer_id() : posting.adjust().customer_id();
}

// How many points it takes; negative = it gives.
int64_t TakenBy(const BatchPostRequest::Posting& posting) {
  return posting.has_redeem() ? posting.redeem().points() : -posting.adjust().points();
}

absl::StatusOr<LedgerEntry> OutcomeOf(const loyalty::v1::BatchPostResponse::Result& result) {
  if (result.status().code() != 0) {
    return rpc::FromRpcStatus(result.status());
  }
  return result.entry();
}

}  // namespace

int64_t SignedPoints(const LedgerEntry& entry) {
  return entry.credit_account() == loyalty::v1::LEDGER_ACCOUNT_MEMBER ? entry.points()
                                                                      : -entry.points();
}

int64_t CountMiscounts(const StoredAccount& account) {
  int64_t miscounts = 0;
  int64_t seq = 0;
  int64_t sum = 0;
  for (const LedgerEntry& entry : account.entries) {
    miscounts += entry.seq() == ++seq ? 0 : 1;
    sum += SignedPoints(entry);
    miscounts += entry.balance_after() == sum ? 0 : 1;
  }
  int64_t left = -account.balance.debt();
  for (const loyalty::v1::Lot& lot : account.lots) {
    left += lot.remaining();
  }
  miscounts += account.balance.available() == sum ? 0 : 1;
  miscounts += account.balance.available() == left ? 0 : 1;
  miscounts += account.balance.entry_count() == seq ? 0 : 1;
  return miscounts;
}

LedgerLoad::LedgerLoad(const Target& target, std::vector<std::string> customer_ids,
                       Failures& failures)
    : replicas_(target), customer_ids_(std::move(customer_ids)), failures_(failures) {}

void LedgerLoad::ReadFirst() {
  for (const std::string& customer_id : customer_ids_) {
    History& history = histories_[customer_id];
    for (const LedgerEntry& entry : ReadAccount(customer_id).entries) {
      history.writes.push_back({.version = VersionOf(entry), .when = {}});
      points_told_ += SignedPoints(entry);
    }
  }
}

int64_t LedgerLoad::Call(Random& random) {
  const int64_t draw = Draw(random, 0, 99);
  return draw < 4 ? PostMany(random) : draw < 50 ? Post(random) : ReadBalance(random);
}

BatchPostRequest::Posting LedgerLoad::DrawPosting(Random& random) const {
  const std::string& customer_id = customer_ids_[random() % customer_ids_.size()];
  BatchPostRequest::Posting posting;
  if (random() % 2 == 0) {
    posting.mutable_redeem()->set_request_id(DrawUuid(random));
    posting.mutable_redeem()->set_customer_id(customer_id);
    posting.mutable_redeem()->set_points(Draw(random, 1, kTakenMax));
    return posting;
  }
  posting.mutable_adjust()->set_request_id(DrawUuid(random));
  posting.mutable_adjust()->set_customer_id(customer_id);
  const bool takes = random() % 8 == 0;
  posting.mutable_adjust()->set_points(takes ? -Draw(random, 1, kTakenMax)
                                             : Draw(random, 1, kGivenMax));
  posting.mutable_adjust()->set_reason("GOODWILL");
  return posting;
}

absl::StatusOr<LedgerEntry> LedgerLoad::Send(LedgerService::Stub& stub,
                                             const BatchPostRequest::Posting& posting,
                                             Interval& when) {
  return posting.has_redeem()
             ? TimedCall(stub, &LedgerService::Stub::Redeem, posting.redeem(), when)
             : TimedCall(stub, &LedgerService::Stub::Adjust, posting.adjust(), when);
}

// One in ten comes again, as if its answer had been lost, at any replica.
int64_t LedgerLoad::Post(Random& random) {
  const BatchPostRequest::Posting posting = DrawPosting(random);
  Interval when;
  const absl::StatusOr<LedgerEntry> answer = Send(replicas_.Choose(random), posting, when);
  Remember(posting, answer, when);
  if (!answer.ok() || random() % 10 != 0) {
    return 1;
  }
  Interval again;
  const absl::StatusOr<LedgerEntry> replay = Send(replicas_.Choose(random), posting, again);
  if (!replay.ok() || replay->SerializeAsString() != answer->SerializeAsString()) {
    failures_.Add(absl::StrCat("a posting that came again was answered otherwise: ",
                               replay.status().ToString()));
  }
  return 2;
}

int64_t LedgerLoad::PostMany(Random& random) {
  BatchPostRequest request;
  for (int i = 0; i < kPostingsPerBatch; ++i) {
    *request.add_postings() = DrawPosting(random);
  }
  Interval when;
  const auto answer =
      TimedCall(replicas_.Choose(random), &LedgerService::Stub::BatchPost, request, when);
  if (!answer.ok() || answer->results_size() != kPostingsPerBatch) {
    failures_.Add(absl::StrCat("BatchPost: ", answer.status().ToString()));
    return kPostingsPerBatch;
  }
  for (int i = 0; i < kPostingsPerBatch; ++i) {
    Remember(request.postings(i), OutcomeOf(answer->results(i)), when);
  }
  return kPostingsPerBatch;
}

void LedgerLoad::Remember(const BatchPostRequest::Posting& posting,
                          const absl::StatusOr<LedgerEntry>& answer, const Interval& when) {
  const int64_t taken = TakenBy(posting);
  std::lock_guard<std::mutex> lock(mutex_);
  History& history = histories_[CustomerOf(posting)];
  if (answer.ok()) {
    history.writes.push_back({.version = VersionOf(*answer), .when = when});
    points_told_ += SignedPoints(*answer);
    if (SignedPoints(*answer) != -taken) {
      failures_.Add("a posting was answered with other points");
    }
  } else if (GetErrorReason(answer.status()) == "INSUFFICIENT_POINTS") {
    history.refusals.push_back(
        {.when = when, .is_due = [taken](const Version& state) { return state.value < taken; }});
  } else {
    failures_.Add(absl::StrCat("posting: ", answer.status().ToString()));
  }
}

int64_t LedgerLoad::ReadBalance(Random& random) {
  loyalty::v1::GetBalanceRequest request;
  request.set_customer_id(customer_ids_[random() % customer_ids_.size()]);
  Interval when;
  const auto balance =
      TimedCall(replicas_.Choose(random), &LedgerService::Stub::GetBalance, request, when);
  if (!balance.ok()) {
    failures_.Add(absl::StrCat("GetBalance: ", balance.status().ToString()));
    return 1;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  histories_[request.customer_id()].reads.push_back(
      {.version = {.number = balance->entry_count(), .value = balance->available()},
       .when = when,
       .is_strong = true});
  return 1;
}

StoredAccount LedgerLoad::ReadAccount(const std::string& customer_id) {
  StoredAccount account;
  LedgerService::Stub& stub = replicas_.at(0);
  Interval unused;
  loyalty::v1::ListEntriesRequest entries;
  entries.set_customer_id(customer_id);
  entries.set_page_size(kPageSize);
  do {
    const auto page = TimedCall(stub, &LedgerService::Stub::ListEntries, entries, unused);
    CLIENTELE_CHECK(page.ok());
    account.entries.insert(account.entries.end(), page->entries().begin(), page->entries().end());
    entries.set_page_token(page->next_page_token());
  } while (!entries.page_token().empty());
  std::reverse(account.entries.begin(), account.entries.end());

  loyalty::v1::ListLotsRequest lots;
  lots.set_customer_id(customer_id);
  lots.set_open_only(true);
  lots.set_page_size(kPageSize);
  do {
    const auto page = TimedCall(stub, &LedgerService::Stub::ListLots, lots, unused);
    CLIENTELE_CHECK(page.ok());
    account.lots.insert(account.lots.end(), page->lots().begin(), page->lots().end());
    lots.set_page_token(page->next_page_token());
  } while (!lots.page_token().empty());

  loyalty::v1::GetBalanceRequest balance;
  balance.set_customer_id(customer_id);
  auto read = TimedCall(stub, &LedgerService::Stub::GetBalance, balance, unused);
  CLIENTELE_CHECK(read.ok());
  account.balance = *std::move(read);
  return account;
}

LedgerLoad::Verdict LedgerLoad::Check(const PurchaseTimes& purchases) {
  Verdict verdict;
  std::lock_guard<std::mutex> lock(mutex_);
  verdict.total_off = -points_told_;
  for (auto& [customer_id, history] : histories_) {
    verdict.postings += static_cast<int64_t>(history.writes.size());
    verdict.refusals += static_cast<int64_t>(history.refusals.size());
    verdict.reads += static_cast<int64_t>(history.reads.size());
    const StoredAccount account = ReadAccount(customer_id);
    verdict.miscounts += CountMiscounts(account);
    verdict.total_off += account.balance.available();
    for (const LedgerEntry& entry : account.entries) {
      history.stored.push_back(VersionOf(entry));
      const auto purchase = purchases.find(entry.purchase_id());
      if (purchase != purchases.end()) {
        history.writes.push_back({.version = VersionOf(entry),
                                  .when = {.begin_ns = purchase->second, .end_ns = kNeverToldNs}});
        verdict.total_off -= SignedPoints(entry);
      }
    }
    verdict.anomalies.Add(FindAnomalies(history));
  }
  return verdict;
}

}  // namespace clientele::history
