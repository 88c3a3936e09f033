#include "cli/client/import_batches.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele::cli {

using clientele::profile::v1::ImportItem;
using clientele::profile::v1::ImportPurchasesBatch;

size_t ImportBatches::Fill(size_t first_item, ImportPurchasesBatch& batch) const {
  CLIENTELE_CHECK(first_item < item_count());
  size_t lines = 0;
  size_t bytes = 0;
  size_t item = first_item;
  for (; item < item_count() && item - first_item < kBatchItemsMax; ++item) {
    ImportItem& out = *batch.add_items();
    FillItem(item, out);
    lines += static_cast<size_t>(out.has_order() ? out.order().purchase().lines_size()
                                                 : out.refund().refund().lines_size());
    bytes += out.ByteSizeLong();
    if (item > first_item && (lines > kBatchLinesMax || bytes > kBatchBytesMax)) {
      batch.mutable_items()->RemoveLast();
      break;
    }
  }
  return item;
}

std::vector<ImportShare> ImportShare::Cut(const ImportBatches& all, size_t count) {
  std::vector<std::vector<int32_t>> items(count);
  for (size_t item = 0; item < all.item_count(); ++item) {
    items[all.OwnerOf(item) % count].push_back(static_cast<int32_t>(item));
  }
  std::vector<ImportShare> shares;
  shares.reserve(count);
  for (std::vector<int32_t>& own : items) {
    if (!own.empty()) shares.push_back(ImportShare(all, std::move(own)));
  }
  return shares;
}

void SetTime(absl::Time time, google::protobuf::Timestamp& out) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace clientele::cli
