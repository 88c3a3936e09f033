#ifndef CLI_CLIENT_PURCHASE_BATCHES_H_
#define CLI_CLIENT_PURCHASE_BATCHES_H_

// A purchase file as the items of an import, all orders before all refunds.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/client/import_batches.h"
#include "cli/import/purchase_file.h"
#include "clientele/profile/v1/purchase_service.pb.h"

namespace clientele::cli {

// Reads the file only. Thread-safe; `file` outlives it.
class PurchaseBatches : public ImportBatches {
 public:
  explicit PurchaseBatches(const PurchaseFile& file) : file_(file) {}

  size_t item_count() const override { return file_.orders.size() + file_.refunds.size(); }
  std::vector<int64_t> LineNumbers(size_t item) const override;

 private:
  void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const override;
  void FillOrder(const ImportedOrder& order, clientele::profile::v1::ImportOrder& out) const;
  void FillRefund(const ImportedRefund& refund, clientele::profile::v1::ImportRefund& out) const;

  const PurchaseFile& file_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_PURCHASE_BATCHES_H_
