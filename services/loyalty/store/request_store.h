#ifndef SERVICES_LOYALTY_STORE_REQUEST_STORE_H_
#define SERVICES_LOYALTY_STORE_REQUEST_STORE_H_

// What requests did to the ledger before: their entries, and what Reverse did. Pure functions over
// a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// A request_id counts within its customer. Of texts that outlive it.
struct RequestKey {
  absl::string_view customer_id;
  absl::string_view request_id;
};

// What a Reverse did. The numbers are those of the proto enum.
enum class ReversalOutcome { kReversed = 1, kVoided = 2, kNothingLeft = 3 };
struct Reversal {
  std::string original_request_id;
  std::string request_id;
  std::string content_hash;
  ReversalOutcome outcome = ReversalOutcome::kReversed;
  int64_t entry_seq = 0;  // 0 = no entry
};

// What is known of one request_id.
struct RequestHistory {
  std::optional<Entry> entry;           // that the request of this id made
  std::optional<Reversal> reversal_by;  // what a Reverse of this id did
  std::optional<Reversal> reversal_of;  // the first Reverse of this id's request
};

// Those that something is known of, by customer_id and request_id; nearly all requests are new. A
// value.
class RequestHistories {
 public:
  // Of a key that was loaded: empty when nothing came before. Valid until the next Add.
  const RequestHistory& Of(const RequestKey& key) const;

  // The history to be filled in. Valid until the next Add.
  RequestHistory& Add(const RequestKey& key);

 private:
  absl::btree_map<std::pair<std::string, std::string>, RequestHistory> known_;
};

// Whether histories have their entries, or only what a Reverse had to do with the request.
enum class HistoryScope { kAll, kReversals };

// Of `keys`, which are unique.
absl::StatusOr<RequestHistories> LoadRequestHistories(sql::Tx& tx,
                                                      absl::Span<const RequestKey> keys,
                                                      HistoryScope scope);

absl::Status InsertReversal(sql::Tx& tx, const CustomerId& customer_id, const Reversal& reversal,
                            absl::Time record_time);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_REQUEST_STORE_H_
