#ifndef BENCH_CEILING_ROWS_H_
#define BENCH_CEILING_ROWS_H_

// What a redemption of one point writes in loyalty, as rows: the ceilings write the same rows as
// the server does, with nothing around them.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/ledger_fixture.h"
#include "common/ids/uuid.h"

namespace clientele::loyalty {

// The values that change of a member and of the only lot they have.
struct CeilingMember {
  std::string id;
  int64_t available = 0;
  int64_t entry_count = 0;
  std::string head_hash;
  int64_t feed_seq = 0;
  int64_t version = 0;
  int64_t remaining = 0;  // of the lot
};

// An entry with the lot it used, and the event of one posting; what they do not hold is constant.
struct CeilingPosting {
  std::string customer_id;
  int64_t seq = 0;
  int64_t feed_seq = 0;
  int64_t balance_after = 0;
  std::string transaction_id;
  std::string request_id;
  std::string cause_key;
  std::string content_hash;
  std::string hash;
  std::string event_id;
  std::string payload;
};

inline constexpr char kCeilingDataType[] = "clientele.loyalty.v1.PointsRedeemed";
inline constexpr char kCeilingEventType[] = "clientele.loyalty.points.redeemed.v1";

// The members of the batch that begins with posting number `begin`, sorted, each once.
std::vector<std::string> MembersOfBatch(int64_t begin, const LedgerOptions& options);

// Takes one point for each posting of that batch: `members` are those of MembersOfBatch, in that
// order, and are changed.
std::vector<CeilingPosting> PostBatch(int64_t begin, const LedgerOptions& options, absl::Time now,
                                      UuidV7Generator& ids, std::vector<CeilingMember>& members);

}  // namespace clientele::loyalty

#endif  // BENCH_CEILING_ROWS_H_
