#ifndef COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_H_
#define COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_H_

// Remembers what a request_id did, in the transaction that did it.
//
// Key = (customer_id, request_id); customer_id is "" for creates without a caller-chosen id and for
// batches. Beside the answer lies an HMAC of principal, method and request, so that the same id
// with other content is told apart. Only effects are stored; refusals are evaluated again. Answers
// live 7 days by default.
//
// In a handler: Find first and return what it finds; else apply the effect and Save, in one
// transaction. Its table comes from clientele::idempotency::Migrations()
// ("common/idempotency/migrations.h").

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/keyed_hash.h"
#include "common/sql/database.h"

namespace clientele {

// What identifies a request. Views must outlive the call.
struct IdempotencyKey {
  absl::string_view customer_id;
  absl::string_view request_id;  // a UUID; empty = the request is not idempotent: nothing happens
  absl::string_view principal;
  absl::string_view method;         // "/clientele.profile.v1.CustomerService/CreateCustomer"
  absl::string_view request_bytes;  // deterministic serialization of the request
};

// Stateless but for the HMAC key; thread-safe.
class IdempotencyStore {
 public:
  // `hmac_key`: 32 secret bytes (CHECK); another key than last time makes every stored request_id
  // look reused with other content. `retention` must be positive.
  IdempotencyStore(const std::string& hmac_key, absl::Duration retention);

  // The stored answer of an earlier request with the same key and content; nullopt when there is
  // none; ALREADY_EXISTS REQUEST_ID_REUSED when the content differs. An expired answer is still
  // given until DeleteExpired removes it.
  absl::StatusOr<std::optional<std::string>> Find(sql::Tx& tx, const IdempotencyKey& key) const;

  // Stores the answer of a request whose effect is in `tx`. ABORTED TRANSACTION_CONFLICT when a
  // concurrent request with the same key was first: RunInTransaction repeats, and Find then gives
  // that one's answer.
  absl::Status Save(sql::Tx& tx, const IdempotencyKey& key, absl::string_view answer_bytes,
                    absl::Time record_time) const;

  // Deletes at most `limit` answers older than the retention, oldest first; answers how many.
  absl::StatusOr<int64_t> DeleteExpired(sql::Tx& tx, absl::Time now, int64_t limit) const;

 private:
  KeyedHash request_hash_;
  absl::Duration retention_;
};

}  // namespace clientele

#endif  // COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_H_
