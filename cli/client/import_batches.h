#ifndef CLI_CLIENT_IMPORT_BATCHES_H_
#define CLI_CLIENT_IMPORT_BATCHES_H_

// What an import sends: items cut into batches. Cut and content depend on nothing but the items and
// the first of them, so a batch can be made again after a broken stream instead of being kept.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::cli {

// Bounds of one batch, well below the contract's: a small transaction answers soon, and what is
// in flight stays a few MiB. One item alone may be larger than kBatchBytesMax, at most 2 MiB.
inline constexpr size_t kBatchItemsMax = 500;
inline constexpr size_t kBatchLinesMax = 10'000;
inline constexpr size_t kBatchBytesMax = size_t{1} << 20;

// Thread-safe.
class ImportBatches {
 public:
  virtual ~ImportBatches() = default;

  virtual size_t item_count() const = 0;

  // The lines of the file that `item` was made of.
  virtual std::vector<int64_t> LineNumbers(size_t item) const = 0;

  // What the reader of the file calls the reason the server refused an item with.
  virtual std::string ReasonInFile(const std::string& server_reason) const { return server_reason; }

  // Adds to `batch` the items from `first_item` (below item_count) on; returns the first item that
  // did not fit, or item_count. At least one item is added.
  size_t Fill(size_t first_item, clientele::profile::v1::ImportPurchasesBatch& batch) const;

 private:
  virtual void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const = 0;
};

// The contract's form of a time.
void SetTime(absl::Time time, google::protobuf::Timestamp& out);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_IMPORT_BATCHES_H_
