#include "common/cache/versioned_cache.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/cache/fetch.h"
#include "common/cache/limits.h"
#include "common/cache/set_if_newer.h"
#include "common/status/macros.h"

namespace clientele::cache {

VersionedCache::VersionedCache(CacheOptions options, SharedLevel* shared, const Clock& clock,
                               CacheObserver& observer)
    : options_(std::move(options)),
      keys_(options_.prefix, options_.service),
      shared_(shared),
      clock_(clock),
      observer_(observer),
      memory_(options_.memory_bytes_max, /*is_on=*/shared == nullptr),
      load_slots_(options_.loads_max, kLoadWaitersMax) {
  CLIENTELE_CHECK(options_.memory_ttl <= kMemoryTtlMax);
}

Kind VersionedCache::MakeKind(absl::string_view name) const {
  // Who is told of an absence is no further behind than who is told of a record.
  return {.name = name,
          .shared_ttl = options_.shared_ttl,
          .absent_ttl = std::min(options_.absent_ttl, options_.shared_ttl)};
}

absl::StatusOr<Record> VersionedCache::Get(const Kind& kind, absl::string_view id,
                                           const ReadRule& rule, absl::Time deadline,
                                           LoadOne load) {
  if (!options_.is_on) {
    return load();
  }
  std::string key = keys_.KeyOf(kind.name, id);
  if (std::optional<Record> held = ReadMemory(kind, key, rule); held.has_value()) {
    return *std::move(held);
  }
  const auto load_many =
      [&load](absl::Span<const size_t> /*wanted*/) -> absl::StatusOr<std::vector<Record>> {
    CLIENTELE_ASSIGN_OR_RETURN(Record record, load());
    std::vector<Record> one;
    one.push_back(std::move(record));
    return one;
  };
  std::vector<Record> results(1);
  std::vector<FetchItem> items;
  items.push_back({.index = 0, .key = std::move(key), .rule = rule});
  CLIENTELE_RETURN_IF_ERROR(FetchAll(kind, std::move(items), deadline, load_many, results));
  return std::move(results[0]);
}

std::optional<Record> VersionedCache::TryGet(const Kind& kind, absl::string_view id,
                                             const ReadRule& rule) {
  return options_.is_on ? ReadMemory(kind, keys_.KeyOf(kind.name, id), rule) : std::nullopt;
}

absl::StatusOr<std::vector<Record>> VersionedCache::BatchGet(const Kind& kind,
                                                             absl::Span<const ReadRequest> requests,
                                                             absl::Time deadline, LoadMany load) {
  if (!options_.is_on) {
    std::vector<size_t> all(requests.size());
    std::iota(all.begin(), all.end(), size_t{0});
    return load(all);
  }
  std::vector<Record> results(requests.size());
  std::vector<FetchItem> items;
  for (size_t i = 0; i < requests.size(); ++i) {
    std::string key = keys_.KeyOf(kind.name, requests[i].id);
    if (std::optional<Record> held = ReadMemory(kind, key, requests[i].rule); held.has_value()) {
      results[i] = *std::move(held);
    } else {
      items.push_back({.index = i, .key = std::move(key), .rule = requests[i].rule});
    }
  }
  CLIENTELE_RETURN_IF_ERROR(FetchAll(kind, std::move(items), deadline, load, results));
  return results;
}

absl::Status VersionedCache::FetchAll(const Kind& kind, std::vector<FetchItem> items,
                                      absl::Time deadline, LoadMany load,
                                      std::vector<Record>& results) {
  for (int followed = 0; !items.empty(); ++followed) {
    Fetch fetch(*this, kind, deadline, load, results);
    CLIENTELE_ASSIGN_OR_RETURN(items, fetch.Run(std::move(items), followed < kFlightsFollowedMax));
  }
  return absl::OkStatus();
}

std::optional<Record> VersionedCache::ReadMemory(const Kind& kind, absl::string_view key,
                                                 const ReadRule& rule) {
  if (rule.strong) {
    return std::nullopt;
  }
  const absl::Time now = clock_.Now();
  std::optional<Record> held = memory_.Get(key, now);
  if (!held.has_value() || !Serves(*held, rule, now)) {
    return std::nullopt;
  }
  observer_.OnRead(kind.name, Source::kMemory);
  return held;
}

void VersionedCache::KeepInMemory(absl::string_view key, Record record, absl::Time now,
                                  absl::Duration ttl, MemoryLevel::Generation generation) {
  record.valid_until = std::min(record.valid_until, now + ttl);
  memory_.Put(key, record, now, generation);
}

void VersionedCache::WriteShared(absl::Span<const SharedWrite> writes) {
  if (shared_ == nullptr || writes.empty()) {
    return;
  }
  // Whoever waits is not the reason of the write: the latency budget alone bounds it.
  for (const absl::Status& written : shared_->Write(writes, absl::InfiniteFuture())) {
    if (!written.ok()) {
      observer_.OnSharedError(SharedOperation::kWrite, written);
    }
  }
}

void VersionedCache::Put(const Kind& kind, absl::string_view id, const Record& committed,
                         absl::Time write_begin) {
  if (!options_.is_on) {
    return;
  }
  const bool is_large =
      committed.payload.has_value() && committed.payload->size() > kPayloadBytesMax;
  const absl::Time now = clock_.Now();
  if (is_large || IsTooOldToFill(write_begin, now)) {
    Outdate(kind, id, committed.version);
    return;
  }
  const std::string key = keys_.KeyOf(kind.name, id);
  const MemoryLevel::Generation generation = memory_.generation();
  DropOlder(key, committed.version);
  KeepInMemory(key, committed, now, options_.memory_ttl, generation);
  WriteShared({MakeSharedWrite(key, committed, write_begin, kind.shared_ttl, /*announce=*/true)});
}

void VersionedCache::Erase(const Kind& kind, absl::string_view id, int64_t version,
                           absl::Time write_begin) {
  Put(kind, id, {.version = version, .valid_until = absl::InfiniteFuture(), .payload = {}},
      write_begin);
}

void VersionedCache::Outdate(const Kind& kind, absl::string_view id, int64_t version) {
  OutdateAll(kind, {{.id = id, .version = version}});
}

void VersionedCache::OutdateAll(const Kind& kind, absl::Span<const RowVersion> rows) {
  if (!options_.is_on) {
    return;
  }
  std::vector<std::string> keys;
  std::vector<SharedWrite> writes;
  keys.reserve(rows.size());
  writes.reserve(rows.size());
  for (const RowVersion& row : rows) {
    const std::string& key = keys.emplace_back(keys_.KeyOf(kind.name, row.id));
    DropOlder(key, row.version);
    // A record that was never valid: nobody is served it, and what is older does not replace it.
    writes.push_back(
        {.key = key,
         .record = {.version = row.version, .valid_until = absl::UnixEpoch(), .payload = {}},
         .ttl = kind.shared_ttl,
         .announce = true});
  }
  WriteShared(writes);
}

void VersionedCache::DropOlder(absl::string_view key, int64_t version) {
  flights_.Retire(key);
  memory_.RaiseFloor(key, version, clock_.Now() + kFillAgeMax);
}

void VersionedCache::OnChannelUp() {
  memory_.Switch(true);
  observer_.OnMemorySwitched(true, absl::OkStatus());
}

void VersionedCache::OnChannelMessage(absl::string_view text) {
  if (const std::optional<Invalidation> news = DecodeInvalidation(text); news.has_value()) {
    DropOlder(news->key, news->version);
  }
}

void VersionedCache::OnChannelDown(const absl::Status& reason) {
  memory_.Switch(false);
  observer_.OnMemorySwitched(false, reason);
}

}  // namespace clientele::cache
