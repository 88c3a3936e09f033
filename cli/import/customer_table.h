#ifndef CLI_IMPORT_CUSTOMER_TABLE_H_
#define CLI_IMPORT_CUSTOMER_TABLE_H_

// The customers of one file: from the file's spelling to the customer id, without two spellings
// sharing one. Thread safety: one thread at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "cli/import/purchase_file.h"
#include "cli/import/string_pool.h"

namespace clientele::cli {

// <source>-<slug of the spelling>; nullopt when the spelling has no ASCII letter or digit or the id
// would not match ^[a-z0-9][a-z0-9-]{2,62}$. `source` is normalised already.
std::optional<std::string> MakeCustomerId(absl::string_view source, absl::string_view key);

class CustomerTable {
 public:
  // Where a spelling stands. Exactly one of the three is set.
  struct Lookup {
    std::optional<int32_t> index;        // a customer of this spelling is there
    std::optional<std::string> new_id;   // none is; it would get this id
    std::optional<Rejection> rejection;  // no id can be made of it, or another spelling has it
  };

  // `source` is normalised; `strings` must outlive the table and what Take gives.
  CustomerTable(absl::string_view source, StringPool& strings);

  Lookup Find(absl::string_view key) const;

  // Adds the customer of a Lookup with new_id; returns its index.
  int32_t Add(absl::string_view key, std::string customer_id);

  const std::vector<ImportedCustomer>& all() const { return customers_; }

  // Gives every customer spelled as an integer with a decimal point and zeros ("17850.0") the
  // integer as a further alias, unless another customer of the file already answers to it.
  void AddIntegerAliases();

  std::vector<ImportedCustomer> Take() && { return std::move(customers_); }

 private:
  std::string source_;
  StringPool& strings_;
  std::vector<ImportedCustomer> customers_;
  absl::flat_hash_map<absl::string_view, int32_t> index_by_key_;
  absl::flat_hash_map<std::string, int32_t> index_by_id_;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CUSTOMER_TABLE_H_
