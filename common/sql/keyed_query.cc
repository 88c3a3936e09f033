#include "common/sql/keyed_query.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace clientele::sql {

void SortAndUnique(std::vector<std::string>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

absl::Status QueryByKeys(Tx& tx, absl::Span<const SizedStatement> sizes,
                         absl::Span<const std::string> keys, absl::Span<const Param> more,
                         RowCallback on_row) {
  return QueryInSizes(sizes, keys.size(), [&](const SizedStatement& size, size_t begin) {
    std::vector<Param> params;
    params.reserve(size.key_count + more.size());
    for (size_t i = 0; i < size.key_count; ++i) {
      params.emplace_back(absl::string_view(keys[std::min(begin + i, keys.size() - 1)]));
    }
    params.insert(params.end(), more.begin(), more.end());
    return tx.Query(size.statement, params, on_row);
  });
}

}  // namespace clientele::sql
