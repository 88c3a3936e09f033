#ifndef COMMON_CACHE_SHARED_LEVEL_H_
#define COMMON_CACHE_SHARED_LEVEL_H_

// The second level: records that all replicas of a service share.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/record.h"

namespace clientele::cache {

// One record to be kept, if it is newer than what is held.
struct SharedWrite {
  absl::string_view key;
  Record record;
  absl::Duration ttl;  // how long the bytes stay; above zero
  // Whether the other replicas are told to drop what is older, as after a write of the row. Filling
  // in what was read tells nobody.
  bool announce;
};

// The write of a record that was read, or written, at `begin`: for `ttl` less a little
// (JitteredTtl). `key` must outlive it.
SharedWrite MakeSharedWrite(absl::string_view key, const Record& record, absl::Time begin,
                            absl::Duration ttl, bool announce);

// Thread-safe. Errors are of the level as a whole or of one of its nodes: nothing a caller did.
class SharedLevel {
 public:
  virtual ~SharedLevel() = default;

  // One result per key, in order: the record, nullopt when there is none, or why the level could
  // not be asked. Records that have run out are returned as they are.
  virtual std::vector<absl::StatusOr<std::optional<Record>>> Read(
      absl::Span<const absl::string_view> keys, absl::Time deadline) = 0;

  // Keeps each record unless what is held is newer: of a later version, or of the same and valid
  // for as long. One result per write, in order; OK also when nothing had to be done.
  virtual std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                          absl::Time deadline) = 0;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_SHARED_LEVEL_H_
