#ifndef COMMON_SEALING_VAULT_H_
#define COMMON_SEALING_VAULT_H_

// The keys under which a service seals what it stores of its customers, in the table customer_key:
// one for each, wrapped by a key-encryption key. Deleting a customer's row makes every text sealed
// with it unreadable, for this and every other server, from that commit on.
//
// The table comes from clientele::sealing::Migrations() ("common/sealing/migrations.h").

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/crypto/key_wrapper.h"
#include "common/sealing/customer_keys.h"
#include "common/sql/database.h"

namespace clientele::sealing {

// What Vault::Rewrap has done.
struct RewrapPart {
  std::string last_id;           // the last customer whose key was looked at; "" = there was none
  int64_t unreadable_count = 0;  // keys that did not unwrap and stay as they are
};

// Keeps no key: each transaction unwraps those it needs (four microseconds each with a key in a
// file), so that a destroyed one is gone at once. Every function works in the caller's transaction
// and answers the errors of common/sql/database.h, and UNAVAILABLE KEY_UNAVAILABLE when a
// key-encryption key cannot be used. Thread-safe, as far as the Tx is.
class Vault {
 public:
  // `service` ("profile") binds its keys to it; `wrapper` outlives it.
  Vault(absl::string_view service, const KeyWrapper& wrapper)
      : service_(service), wrapper_(wrapper) {}

  // The keys of those of `customer_ids`, which need be neither sorted nor unique, that have one.
  absl::StatusOr<CustomerKeys> Load(sql::Tx& tx, std::vector<std::string> customer_ids) const;

  // New keys for customers that have none. ABORTED TRANSACTION_CONFLICT when one has.
  absl::StatusOr<CustomerKeys> Make(sql::Tx& tx, std::vector<std::string> customer_ids,
                                    absl::Time now) const;

  // The keys of all, new ones for those that have none. ABORTED TRANSACTION_CONFLICT when another
  // transaction made one meanwhile.
  absl::StatusOr<CustomerKeys> LoadOrMake(sql::Tx& tx, std::vector<std::string> customer_ids,
                                          absl::Time now) const;

  // Wraps at most `count_max` keys of customers after `after_id` anew that another than the present
  // key-encryption key wrapped. One that does not unwrap keeps nobody behind it waiting. Costs a
  // look at the key-encryption keys while no other is used.
  absl::StatusOr<RewrapPart> Rewrap(sql::Tx& tx, absl::string_view after_id,
                                    int64_t count_max) const;

  // Remembers the present key-encryption key as one that is used. FAILED_PRECONDITION with a
  // sentence when one that is used is missing here, or is another one.
  absl::Status CheckKeyEncryptionKeys(sql::Tx& tx, absl::Time now) const;

  // Forgets the key-encryption keys that wrap nothing any more, so that they may be taken away.
  absl::Status ForgetUnusedKeyEncryptionKeys(sql::Tx& tx) const;

 private:
  std::string ContextOf(absl::string_view customer_id) const;
  // Inserts new keys into the table and into `keys`; `customer_ids` are sorted and unique.
  // Remembers the present key-encryption key again: a server that another one follows may have
  // forgotten it.
  absl::Status MakeInto(sql::Tx& tx, absl::Span<const std::string> customer_ids, absl::Time now,
                        CustomerKeys& keys) const;
  // A key that the present key-encryption key wraps, with the id of that.
  absl::StatusOr<WrappedKey> MakeProbe() const;

  const std::string service_;
  const KeyWrapper& wrapper_;
};

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_VAULT_H_
