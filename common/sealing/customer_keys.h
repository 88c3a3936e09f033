#ifndef COMMON_SEALING_CUSTOMER_KEYS_H_
#define COMMON_SEALING_CUSTOMER_KEYS_H_

// The data keys of some customers, unwrapped: what a transaction seals and opens texts with.

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/aead.h"
#include "common/crypto/secret_key.h"

namespace clientele::sealing {

// Whose text it is and where it stands: what a sealed text is bound to, so that it opens nowhere
// else. Views must outlive the call.
struct Place {
  absl::string_view customer_id;
  absl::string_view column;  // "customer_fact.value"
  absl::string_view row;     // what tells the row from the customer's others
};

// A text of the database, read.
struct OpenedText {
  std::string text;     // "" when it is erased
  bool erased = false;  // sealed with a key that is no more
};

// A sealed text: a byte that names the form (1), four that tell its key from others of the
// customer, then what Aead makes of the text. Used by one thread; wipes its keys.
class CustomerKeys {
 public:
  // How many bytes Seal adds to a text.
  static constexpr size_t kOverheadBytes = 1 + 4 + Aead::kOverheadBytes;

  void Add(absl::string_view customer_id, const SecretKey& key);

  bool Has(absl::string_view customer_id) const { return by_customer_.contains(customer_id); }

  // The customer's key is here (CHECK). INTERNAL when OpenSSL fails.
  absl::StatusOr<std::string> Seal(const Place& place, absl::string_view text) const;

  // The text again, or that it is erased: the customer has no key, or another one. INTERNAL when it
  // was altered, or sealed for another place: which is a defect or an attack.
  absl::StatusOr<OpenedText> Open(const Place& place, absl::string_view sealed) const;

 private:
  struct Key {
    std::string tag;
    Aead aead;
  };

  absl::flat_hash_map<std::string, Key> by_customer_;
};

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_CUSTOMER_KEYS_H_
