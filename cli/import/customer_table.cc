#include "cli/import/customer_table.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "cli/import/limits.h"
#include "cli/import/text.h"

namespace clientele::cli {
namespace {

constexpr absl::string_view kDigits = "0123456789";

// "17850" for "17850.0"; empty for any other spelling.
absl::string_view IntegerSpelling(absl::string_view key) {
  const size_t point = key.find('.');
  if (point == 0 || point == absl::string_view::npos || point + 1 == key.size()) return {};
  const absl::string_view integer = key.substr(0, point);
  const bool whole = integer.find_first_not_of(kDigits) == absl::string_view::npos &&
                     key.find_first_not_of('0', point + 1) == absl::string_view::npos;
  return whole ? integer : absl::string_view();
}

}  // namespace

std::optional<std::string> MakeCustomerId(absl::string_view source, absl::string_view key) {
  const std::string slug = Slug(key);
  if (slug.empty()) return std::nullopt;
  std::string id = absl::StrCat(source, "-", slug);
  if (id.size() < kCustomerIdBytesMin || id.size() > kCustomerIdBytesMax) return std::nullopt;
  return id;
}

CustomerTable::CustomerTable(absl::string_view source, StringPool& strings)
    : source_(source), strings_(strings) {}

CustomerTable::Lookup CustomerTable::Find(absl::string_view key) const {
  Lookup lookup;
  if (const auto known = index_by_key_.find(key); known != index_by_key_.end()) {
    lookup.index = known->second;
    return lookup;
  }
  if (std::string buffer; !NormalizeText(key, buffer).has_value()) {
    lookup.rejection = Rejection{RejectReason::kInvalidText,
                                 "the customer has over 100 characters or control characters"};
    return lookup;
  }
  std::optional<std::string> id = MakeCustomerId(source_, key);
  if (!id.has_value()) {
    lookup.rejection = Rejection{RejectReason::kInvalidCustomerId,
                                 "source and customer make no id of 3 to 63 characters"};
  } else if (index_by_id_.contains(*id)) {
    lookup.rejection = Rejection{RejectReason::kCustomerIdCollision,
                                 "another spelling earlier in the file has the same customer id"};
  } else {
    lookup.new_id = *std::move(id);
  }
  return lookup;
}

int32_t CustomerTable::Add(absl::string_view key, std::string customer_id) {
  const auto index = static_cast<int32_t>(customers_.size());
  ImportedCustomer customer;
  customer.customer_key = strings_.Intern(key);
  customer.aliases.emplace_back(key);
  index_by_key_.emplace(customer.customer_key, index);
  index_by_id_.emplace(customer_id, index);
  customer.customer_id = std::move(customer_id);
  customers_.push_back(std::move(customer));
  return index;
}

void CustomerTable::AddIntegerAliases() {
  absl::flat_hash_set<absl::string_view> given;
  for (ImportedCustomer& customer : customers_) {
    const absl::string_view integer = IntegerSpelling(customer.customer_key);
    if (integer.empty() || index_by_key_.contains(integer)) continue;
    if (given.insert(integer).second) customer.aliases.emplace_back(integer);
  }
}

}  // namespace clientele::cli
