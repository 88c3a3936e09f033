#include "common/sql/keyed_query.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// The one to ask with for `key_count` keys.
const SizedStatement& ChooseSize(absl::Span<const SizedStatement> sizes, size_t key_count) {
  const auto* const large_enough =
      std::find_if(sizes.begin(), sizes.end(),
                   [key_count](const SizedStatement& size) { return size.key_count >= key_count; });
  return large_enough == sizes.end() ? sizes.back() : *large_enough;
}

}  // namespace

void SortAndUnique(std::vector<std::string>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

absl::Status QueryInSizes(Tx& tx, absl::Span<const SizedStatement> sizes, size_t key_count,
                          KeyParams params_of, RowCallback on_row) {
  for (size_t begin = 0; begin < key_count;) {
    const SizedStatement& size = ChooseSize(sizes, key_count - begin);
    std::vector<std::vector<Param>> batch;
    batch.reserve(key_count / size.key_count + 1);
    do {
      batch.push_back(params_of(size, begin));
      begin += size.key_count;
    } while (begin < key_count && &ChooseSize(sizes, key_count - begin) == &size);
    CLIENTELE_RETURN_IF_ERROR(
        tx.QueryBatch(size.statement, batch,
                      [&on_row](size_t /*index*/, const Row& row) { return on_row(row); }));
  }
  return absl::OkStatus();
}

absl::Status QueryByKeys(Tx& tx, absl::Span<const SizedStatement> sizes,
                         absl::Span<const std::string> keys, RowCallback on_row) {
  return QueryInSizes(
      tx, sizes, keys.size(),
      [&keys](const SizedStatement& size, size_t begin) {
        std::vector<Param> params;
        params.reserve(size.key_count);
        for (size_t i = 0; i < size.key_count; ++i) {
          params.emplace_back(absl::string_view(keys[std::min(begin + i, keys.size() - 1)]));
        }
        return params;
      },
      on_row);
}

}  // namespace clientele::sql
