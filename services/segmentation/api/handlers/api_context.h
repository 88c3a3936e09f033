#ifndef SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_

// What every handler of segmentation works with.

#include <functional>

#include "absl/time/time.h"
#include "common/idempotency/idempotency_store.h"
#include "common/ids/uuid.h"
#include "common/pagination/page_token.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext {
  sql::Database& database;
  const Clock& business_clock;  // "now" of business decisions
  const Clock& record_clock;    // when things are recorded
  UuidV7Generator& ids;
  const IdempotencyStore& idempotency;
  const PageTokenCodec& page_tokens;
  const RunBoard& board;
  std::function<void()> poke_runner;  // called after a commit that accepted a run; cheap

  // To the microsecond, as everything is stored, so that an answer equals a later read.
  absl::Time BusinessNow() const { return ToMicros(business_clock.Now()); }
  absl::Time RecordNow() const { return ToMicros(record_clock.Now()); }

 private:
  static absl::Time ToMicros(absl::Time time) {
    return absl::FromUnixMicros(absl::ToUnixMicros(time));
  }
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
