#ifndef CLI_CLIENT_PURCHASE_BATCHES_H_
#define CLI_CLIENT_PURCHASE_BATCHES_H_

// A purchase file as the items of two imports: its orders, then the refunds of those that got in.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "cli/client/import_batches.h"
#include "cli/import/purchase_file.h"
#include "clientele/profile/v1/purchase_service.pb.h"

namespace clientele::cli {

// The orders of a file. Reads it only. Thread-safe; `file` outlives it.
class OrderBatches : public ImportBatches {
 public:
  explicit OrderBatches(const PurchaseFile& file) : file_(file) {}

  size_t item_count() const override { return file_.orders.size(); }
  std::vector<int64_t> LineNumbers(size_t item) const override;
  size_t OwnerOf(size_t item) const override;
  void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const override;

 private:
  const PurchaseFile& file_;
};

// Indexes into PurchaseFile::orders.
using OrderIndexes = absl::flat_hash_set<size_t>;

// The refunds of a file without those of refused orders: the server may hold another order under
// the number of a refused one, and their line numbers would name the wrong lines of it. Reads the
// file only. Thread-safe; `file` outlives it. Memory: 4 bytes a refund.
class OrderRefundBatches : public ImportBatches {
 public:
  OrderRefundBatches(const PurchaseFile& file, const OrderIndexes& refused_orders);

  size_t item_count() const override { return sent_.size(); }
  std::vector<int64_t> LineNumbers(size_t item) const override;
  size_t OwnerOf(size_t item) const override;
  void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const override;

  // The lines of the file with the refunds that are left out, ascending.
  const std::vector<int64_t>& left_out_line_numbers() const { return left_out_line_numbers_; }

 private:
  const PurchaseFile& file_;
  std::vector<int32_t> sent_;  // into PurchaseFile::refunds
  std::vector<int64_t> left_out_line_numbers_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_PURCHASE_BATCHES_H_
