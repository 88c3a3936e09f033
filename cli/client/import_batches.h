#ifndef CLI_CLIENT_IMPORT_BATCHES_H_
#define CLI_CLIENT_IMPORT_BATCHES_H_

// What an import sends: items cut into batches. Cut and content depend on nothing but the items and
// the first of them, so a batch can be made again after a broken stream instead of being kept.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::cli {

// Bounds of one batch, which the server stores in one transaction (of about 0.1 s): the fewer
// there are, the less often a page is written. With kUnacknowledgedBatchesMax of them and two
// streams some 16 MiB are in flight. At most what the contract allows, and half of gRPC's default
// message; an item alone is at most 2 MiB.
inline constexpr size_t kBatchItemsMax = 1000;
inline constexpr size_t kBatchLinesMax = 25'000;
inline constexpr size_t kBatchBytesMax = size_t{2} << 20;

// Thread-safe.
class ImportBatches {
 public:
  virtual ~ImportBatches() = default;

  virtual size_t item_count() const = 0;

  // The lines of the file that `item` was made of.
  virtual std::vector<int64_t> LineNumbers(size_t item) const = 0;

  // What the reader of the file calls the reason the server refused an item with.
  virtual std::string ReasonInFile(const std::string& server_reason) const { return server_reason; }

  // What items have in common that must be sent in their order: whose they are.
  virtual size_t OwnerOf(size_t item) const = 0;

  // Puts an item into the contract's form.
  virtual void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const = 0;

  // Adds to `batch` the items from `first_item` (below item_count) on; returns the first item that
  // did not fit, or item_count. At least one item is added.
  size_t Fill(size_t first_item, clientele::profile::v1::ImportPurchasesBatch& batch) const;
};

// Some items of `all`, in their order. `all` outlives it. Memory: 4 bytes an item.
class ImportShare : public ImportBatches {
 public:
  // `all` cut into `count` shares or fewer, none empty, each with all items of its owners.
  static std::vector<ImportShare> Cut(const ImportBatches& all, size_t count);

  // The item of `all` that `item` is.
  size_t IndexInAll(size_t item) const { return static_cast<size_t>(items_[item]); }

  size_t item_count() const override { return items_.size(); }
  std::vector<int64_t> LineNumbers(size_t item) const override {
    return all_.LineNumbers(IndexInAll(item));
  }
  std::string ReasonInFile(const std::string& server_reason) const override {
    return all_.ReasonInFile(server_reason);
  }
  size_t OwnerOf(size_t item) const override { return all_.OwnerOf(IndexInAll(item)); }
  void FillItem(size_t item, clientele::profile::v1::ImportItem& out) const override {
    all_.FillItem(IndexInAll(item), out);
  }

 private:
  ImportShare(const ImportBatches& all, std::vector<int32_t> items)
      : all_(all), items_(std::move(items)) {}

  const ImportBatches& all_;
  std::vector<int32_t> items_;
};

// The contract's form of a time.
void SetTime(absl::Time time, google::protobuf::Timestamp& out);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_IMPORT_BATCHES_H_
