#include "common/cache/fetch.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/cache/limits.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"

namespace clientele::cache {

absl::StatusOr<std::vector<FetchItem>> Fetch::Run(std::vector<FetchItem> items, bool may_follow) {
  Board(std::move(items), may_follow);
  const absl::Status read = ReadLed();
  for (FetchItem& item : led_) {
    if (item.flight != nullptr) {  // only after an error: what was found has landed
      cache_.flights_.Land(item.key, item.flight, read);
    }
  }
  CLIENTELE_RETURN_IF_ERROR(read);
  cache_.WriteShared(fills_);
  return AwaitOthers();
}

void Fetch::Board(std::vector<FetchItem> items, bool may_follow) {
  for (FetchItem& item : items) {
    bool leads = true;
    if (may_follow && MayFollow(item.rule)) {
      Flights::Boarding boarding = cache_.flights_.Board(item.key, cache_.clock_.Now());
      item.flight = std::move(boarding.flight);
      leads = boarding.leads;
    }
    (leads ? led_ : followed_).push_back(std::move(item));
  }
}

void Fetch::LookIntoMemoryAgain() {
  const absl::Time now = cache_.clock_.Now();
  std::vector<FetchItem> left;
  left.reserve(led_.size());
  for (FetchItem& item : led_) {
    std::optional<Record> held;
    if (item.flight != nullptr) {
      held = cache_.memory_.Get(item.key, now);
    }
    if (held.has_value() && Serves(*held, item.rule, now)) {
      Finish(item, *std::move(held), Source::kMemory);
    } else {
      left.push_back(std::move(item));
    }
  }
  led_ = std::move(left);
}

absl::Status Fetch::ReadLed() {
  LookIntoMemoryAgain();
  generation_ = cache_.memory_.generation();
  ReadShared();
  return missing_.empty() ? absl::OkStatus() : LoadRest();
}

void Fetch::ReadShared() {
  std::vector<FetchItem*> asked;
  std::vector<absl::string_view> keys;
  for (FetchItem& item : led_) {
    if (cache_.shared_ == nullptr || item.rule.strong) {
      missing_.push_back(&item);
    } else {
      asked.push_back(&item);
      keys.push_back(item.key);
    }
  }
  if (asked.empty()) {
    return;
  }
  std::vector<absl::StatusOr<std::optional<Record>>> found = cache_.shared_->Read(keys, deadline_);
  const absl::Time now = cache_.clock_.Now();
  for (size_t i = 0; i < asked.size(); ++i) {
    if (!found[i].ok()) {
      is_shared_away_ = true;
      cache_.observer_.OnSharedError(SharedOperation::kRead, found[i].status());
    }
    if (!found[i].ok() || !found[i]->has_value() || !Serves(**found[i], asked[i]->rule, now)) {
      missing_.push_back(asked[i]);
      continue;
    }
    Record& record = **found[i];
    cache_.KeepInMemory(asked[i]->key, record, now, cache_.options_.memory_ttl, generation_);
    Finish(*asked[i], std::move(record), Source::kShared);
  }
}

absl::Status Fetch::LoadRest() {
  std::optional<SlotQueue::Lease> turn;
  if (is_shared_away_) {
    CLIENTELE_ASSIGN_OR_RETURN(SlotQueue::Lease lease, AwaitTurn());
    turn.emplace(std::move(lease));
  }
  std::vector<size_t> wanted;
  wanted.reserve(missing_.size());
  for (const FetchItem* item : missing_) {
    wanted.push_back(item->index);
  }
  const absl::Time read_begin = cache_.clock_.Now();
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Record> loaded, load_(wanted));
  CLIENTELE_CHECK(loaded.size() == missing_.size());
  for (size_t i = 0; i < loaded.size(); ++i) {
    Keep(*missing_[i], loaded[i], read_begin);
    Finish(*missing_[i], std::move(loaded[i]), Source::kLoad);
  }
  return absl::OkStatus();
}

absl::StatusOr<SlotQueue::Lease> Fetch::AwaitTurn() {
  const absl::Time begin = absl::Now();
  absl::StatusOr<SlotQueue::Lease> lease =
      cache_.load_slots_.Take(std::min(deadline_, begin + kLoadWaitMax));
  cache_.observer_.OnLoadWait(absl::ToDoubleSeconds(absl::Now() - begin));
  if (!lease.ok()) {
    return sql::DatabaseOverloaded();
  }
  return lease;
}

void Fetch::Keep(const FetchItem& item, const Record& record, absl::Time read_begin) {
  const absl::Time now = cache_.clock_.Now();
  if (IsTooOldToFill(read_begin, now)) {
    cache_.observer_.OnFillDropped();
    return;
  }
  const absl::Duration ttl = record.version == 0 ? kind_.absent_ttl : kind_.shared_ttl;
  cache_.KeepInMemory(item.key, record, now, std::min(ttl, cache_.options_.memory_ttl),
                      generation_);
  const bool is_small = !record.payload.has_value() || record.payload->size() <= kPayloadBytesMax;
  if (cache_.shared_ != nullptr && is_small) {
    fills_.push_back(MakeSharedWrite(item.key, record, read_begin, ttl, /*announce=*/false));
  }
}

void Fetch::Finish(FetchItem& item, Record record, Source source) {
  cache_.observer_.OnRead(kind_.name, source);
  if (item.flight != nullptr) {
    cache_.flights_.Land(item.key, item.flight, record);
    item.flight = nullptr;
  }
  results_[item.index] = std::move(record);
}

absl::StatusOr<std::vector<FetchItem>> Fetch::AwaitOthers() {
  std::vector<FetchItem> again;
  for (FetchItem& item : followed_) {
    std::optional<absl::StatusOr<Record>> outcome = item.flight->Await(deadline_);
    if (!outcome.has_value()) {
      return sql::DatabaseDeadlineExceeded();
    }
    item.flight = nullptr;
    if (outcome->ok()) {
      Finish(item, **std::move(outcome), Source::kFlight);
    } else if (IsLeadersOwn(outcome->status())) {
      again.push_back(std::move(item));
    } else {
      return outcome->status();
    }
  }
  return again;
}

}  // namespace clientele::cache
