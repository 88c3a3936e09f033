#ifndef COMMON_CACHE_VERSIONED_CACHE_H_
#define COMMON_CACHE_VERSIONED_CACHE_H_

// Versioned aggregates, cached in the process and in Redis: what handlers that read use.
//
//   const Kind kWidget = cache.MakeKind("widget");
//   CLIENTELE_ASSIGN_OR_RETURN(
//       const cache::Record record,
//       cache.Get(kWidget, id, {.min_version = version}, call.deadline,
//                 [&]() -> absl::StatusOr<cache::Record> { ... read the row in SQL ... }));
//
// The promise: a reader with min_version never gets less, unless the database itself holds less;
// `strong` reads the database; others are at most Kind::shared_ttl + CacheOptions::memory_ttl + 1 s
// behind. No call fails because Redis does. Decisions (may this be spent, may this change state)
// never read a cache. Clocks of the replicas must agree as far as these bounds are to hold.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/flights.h"
#include "common/cache/freshness.h"
#include "common/cache/key_space.h"
#include "common/cache/memory_level.h"
#include "common/cache/observer.h"
#include "common/cache/record.h"
#include "common/cache/shared_level.h"
#include "common/executor/slot_queue.h"
#include "common/time/clock.h"

namespace clientele::cache {

struct FetchItem;

// One kind of aggregate; a constant of the service.
struct Kind {
  absl::string_view name;     // in keys and metrics: a word without ':'
  absl::Duration shared_ttl;  // of what is there, and of tombstones
  absl::Duration absent_ttl;  // of what nobody has heard of: short, for it may be made any time
};

struct CacheOptions {
  std::string prefix = "clientele";  // of this installation's keys in Redis
  std::string service;
  int64_t memory_bytes_max = int64_t{64} * 1024 * 1024;
  absl::Duration memory_ttl = absl::Seconds(1);   // at most kMemoryTtlMax (CHECK)
  absl::Duration shared_ttl = absl::Seconds(60);  // of MakeKind
  absl::Duration absent_ttl = absl::Seconds(5);   // of MakeKind, which takes shared_ttl if less
  bool is_on = true;                              // false: every read loads and nothing is kept
  int loads_max = 16;  // loads at once while Redis is away; others wait for their turn
};

// Reads one aggregate from the database: its record, or one without payload when there is none.
// Called on the caller's thread, at most once. What it returns is also told to callers that wait
// for the same key.
using LoadOne = absl::FunctionRef<absl::StatusOr<Record>()>;
// Reads several: those at the indexes `wanted` of what was asked for; one record each, in order.
using LoadMany =
    absl::FunctionRef<absl::StatusOr<std::vector<Record>>(absl::Span<const size_t> wanted)>;

// A row and the version that a write gave it. The id must outlive the call it is for.
struct RowVersion {
  absl::string_view id;
  int64_t version;
};

struct ReadRequest {
  absl::string_view id;
  ReadRule rule;
};

// Thread-safe.
class VersionedCache {
 public:
  // With a shared level, the memory level begins switched off until OnChannelUp; without
  // (nullptr), it is always on: this process is the only one. All must outlive it.
  VersionedCache(CacheOptions options, SharedLevel* shared, const Clock& clock,
                 CacheObserver& observer);

  // A kind whose records live as long as the options say. `name` must outlive it.
  Kind MakeKind(absl::string_view name) const;

  // The record of `id`; its valid_until means nothing to the caller. The errors of `load`;
  // DEADLINE_EXCEEDED when another caller's load took too long; RESOURCE_EXHAUSTED OVERLOADED when
  // Redis is away and no load could begin before `deadline`.
  absl::StatusOr<Record> Get(const Kind& kind, absl::string_view id, const ReadRule& rule,
                             absl::Time deadline, LoadOne load);

  // The record of `id` if the process holds one that may be served; never blocks.
  std::optional<Record> TryGet(const Kind& kind, absl::string_view id, const ReadRule& rule);

  // The records of `requests`, in order; `load` is called at most kFlightsFollowedMax + 1 times,
  // nearly always at most once. Errors as Get.
  absl::StatusOr<std::vector<Record>> BatchGet(const Kind& kind,
                                               absl::Span<const ReadRequest> requests,
                                               absl::Time deadline, LoadMany load);

  // After the commit of a write: keeps what was written, here and for the other replicas. The
  // transaction began at `write_begin`; when that is too long ago, it is as Outdate.
  void Put(const Kind& kind, absl::string_view id, const Record& committed, absl::Time write_begin);

  // After the commit of a deletion, which gave the row `version`: leaves a tombstone.
  void Erase(const Kind& kind, absl::string_view id, int64_t version, absl::Time write_begin);

  // After the commit of a write that gave the row `version`, for who has not the whole aggregate at
  // hand: what is older is not served or filled in any more.
  void Outdate(const Kind& kind, absl::string_view id, int64_t version);
  // The same of many rows at once, which must be different ones.
  void OutdateAll(const Kind& kind, absl::Span<const RowVersion> rows);

  // What comes from the channel of invalidations, by which other replicas say what they wrote.
  void OnChannelUp();
  void OnChannelMessage(absl::string_view text);
  void OnChannelDown(const absl::Status& reason);

 private:
  friend class Fetch;  // one round of reading (fetch.h)

  // Reads `items` into `results`.
  absl::Status FetchAll(const Kind& kind, std::vector<FetchItem> items, absl::Time deadline,
                        LoadMany load, std::vector<Record>& results);
  // The memory level's record, if it may be served.
  std::optional<Record> ReadMemory(const Kind& kind, absl::string_view key, const ReadRule& rule);
  // For `ttl` from `now`, however late it comes to it.
  void KeepInMemory(absl::string_view key, Record record, absl::Time now, absl::Duration ttl,
                    MemoryLevel::Generation generation);
  void WriteShared(absl::Span<const SharedWrite> writes);
  // Here, what is below `version` is neither served nor filled in any more.
  void DropOlder(absl::string_view key, int64_t version);

  const CacheOptions options_;
  const KeySpace keys_;
  SharedLevel* const shared_;
  const Clock& clock_;
  CacheObserver& observer_;
  MemoryLevel memory_;
  Flights flights_;
  SlotQueue load_slots_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_VERSIONED_CACHE_H_
