#ifndef CLI_CLIENT_PURCHASE_BATCHES_H_
#define CLI_CLIENT_PURCHASE_BATCHES_H_

// A purchase file as the items of an import, all orders before all refunds, cut into batches. Cut
// and content depend on nothing but the file and the first item, so a batch can be made again after
// a broken stream instead of being kept.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/import/purchase_file.h"
#include "clientele/profile/v1/purchase_service.pb.h"

namespace clientele::cli {

// Bounds of one batch, well below the contract's: a small transaction answers soon, and what is
// in flight stays a few MiB. One order alone may be larger than kBatchBytesMax, at most 2 MiB.
inline constexpr size_t kBatchItemsMax = 500;
inline constexpr size_t kBatchLinesMax = 10'000;
inline constexpr size_t kBatchBytesMax = size_t{1} << 20;

// Reads the file only. Thread-safe; `file` outlives it.
class PurchaseBatches {
 public:
  explicit PurchaseBatches(const PurchaseFile& file) : file_(file) {}

  size_t item_count() const { return file_.orders.size() + file_.refunds.size(); }

  // Adds to `batch` the items from `first_item` (below item_count) on; returns the first item that
  // did not fit, or item_count. At least one item is added.
  size_t Fill(size_t first_item, clientele::profile::v1::ImportPurchasesBatch& batch) const;

  // The lines of the file that `item` was made of.
  std::vector<int64_t> LineNumbers(size_t item) const;

 private:
  void FillOrder(const ImportedOrder& order, clientele::profile::v1::ImportOrder& out) const;
  void FillRefund(const ImportedRefund& refund, clientele::profile::v1::ImportRefund& out) const;

  const PurchaseFile& file_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_PURCHASE_BATCHES_H_
