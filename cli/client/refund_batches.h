#ifndef CLI_CLIENT_REFUND_BATCHES_H_
#define CLI_CLIENT_REFUND_BATCHES_H_

// A refund file as the items of an import.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/hash/hash.h"
#include "cli/client/import_batches.h"
#include "cli/import/refund_file.h"

namespace clientele::cli {

// Reads the file only. Thread-safe; `file` outlives it.
class RefundBatches : public ImportBatches {
 public:
  explicit RefundBatches(const RefundFile& file) : file_(file) {}

  size_t item_count() const override { return file_.refunds.size(); }
  std::vector<int64_t> LineNumbers(size_t item) const override {
    return file_.refunds[item].file_numbers;
  }

  size_t OwnerOf(size_t item) const override {
    return absl::HashOf(file_.refunds[item].customer_id);
  }
  void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const override;

  // UNMATCHED_REFUND when the server has no such order of the customer, or no such line.
  std::string ReasonInFile(const std::string& server_reason) const override;

 private:
  const RefundFile& file_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_REFUND_BATCHES_H_
