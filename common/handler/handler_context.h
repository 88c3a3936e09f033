#ifndef COMMON_HANDLER_HANDLER_CONTEXT_H_
#define COMMON_HANDLER_HANDLER_CONTEXT_H_

// What the handlers of every service work with. A service derives its ApiContext from
// HandlerContext and adds what is its own.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/versioned_cache.h"
#include "common/crypto/key_wrapper.h"
#include "common/crypto/secret_key.h"
#include "common/idempotency/idempotency_store.h"
#include "common/ids/uuid.h"
#include "common/pagination/page_token.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele {

// What a server gives to a service's module; the references outlive the module.
struct HandlerParts {
  sql::Database& database;       // with the service's migrations applied
  cache::VersionedCache& cache;  // for what is read and not decided
  const Clock& business_clock;   // "now" of business decisions
  const Clock& record_clock;     // the machine's: when things are recorded
  UuidV7Generator& ids;
  // Page tokens, idempotency and a service's own secrets have keys derived from it: with another
  // key than last time nothing that was made with the old one is recognised.
  const SecretKey& key;
  // For services that store personal texts: wraps the keys that seal them. Null for others.
  const KeyWrapper* key_wrapper = nullptr;
  absl::Duration idempotency_retention;  // positive: how long answers are remembered at least
  std::function<void()> poke_outbox;     // wakes the sequencer after a commit; thread-safe, cheap
};

// Locks the root row of one customer (sql::Tx::LockRows), under which a request about that customer
// is looked up and applied.
using LockCustomer = std::function<absl::Status(sql::Tx& tx, absl::string_view customer_id)>;

// Owned by the module and outlives every handler. Everything in it is thread-safe.
struct HandlerContext {
  // `service` ("profile") is the domain of its errors, and keeps the idempotency keys of services
  // with one secret apart. Without `lock`, no write of the service is keyed by a customer (CHECK,
  // write_call.h). With a key_wrapper, the service has the tables of common/sealing.
  HandlerContext(absl::string_view service, const HandlerParts& parts, LockCustomer lock = nullptr);
  HandlerContext(const HandlerContext&) = delete;
  HandlerContext& operator=(const HandlerContext&) = delete;

  // To the microsecond, as everything is stored, so that an answer equals a later read.
  absl::Time BusinessNow() const;
  absl::Time RecordNow() const;

  // What was taken for now when something was recorded at `record_time`, here or elsewhere: the
  // same instant. Under a business clock of its own (`clientele up --business-time`) at the latest
  // what that shows now, which is then as near as one can get.
  absl::Time BusinessTimeOf(absl::Time record_time) const;

  sql::Database& database;
  cache::VersionedCache& cache;
  const Clock& business_clock;
  const Clock& record_clock;
  UuidV7Generator& ids;
  const IdempotencyStore idempotency;
  const PageTokenCodec page_tokens;
  const std::function<void()> poke_outbox;
  const std::string error_domain;  // of the statuses of items (rpc::ToRpcStatus)
  const LockCustomer lock_customer;
  const std::optional<sealing::Vault> vault;  // nullopt: the service stores no personal text
};

// Forgets remembered answers beyond their retention, in transactions of bounded size and at most
// 100,000 of them: for ServiceModule::Tidy, with how many they were. The database's errors; what
// was deleted stays deleted.
absl::StatusOr<int64_t> DeleteExpiredAnswers(const HandlerContext& context);

}  // namespace clientele

#endif  // COMMON_HANDLER_HANDLER_CONTEXT_H_
