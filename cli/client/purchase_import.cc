#include "cli/client/purchase_import.h"

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "cli/client/import_stream.h"
#include "cli/client/purchase_batches.h"
#include "cli/client/refund_batches.h"
#include "cli/client/refusal.h"
#include "cli/client/server_status.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::ImportPurchasesResponse;
using clientele::profile::v1::PurchaseService;

void Count(const ImportPurchasesResponse& checkpoint, PurchaseImportResult& result) {
  result.orders_recorded_count += checkpoint.orders_recorded_count();
  result.lines_recorded_count += checkpoint.lines_recorded_count();
  result.orders_already_recorded_count += checkpoint.orders_already_recorded_count();
  result.refunds_recorded_count += checkpoint.refunds_recorded_count();
  result.refunds_already_recorded_count += checkpoint.refunds_already_recorded_count();
  result.customers_created_count += checkpoint.customers_created_count();
}

// For items that no later item depends on.
void IgnoreRefused(size_t /*item*/) {}

// One import: what its runs of items have in common.
class Sending {
 public:
  using OnRefused = absl::FunctionRef<void(size_t item)>;

  // Everything outlives it. `source` is the streams', `total_count` the items of all runs.
  Sending(PurchaseService::StubInterface& stub, const std::string& source, size_t total_count,
          const PurchaseImportOptions& options, PurchaseImportResult& result)
      : stub_(stub),
        source_(source),
        total_count_(total_count),
        options_(options),
        result_(result) {}

  // Sends every item of `batches`; OK once all are answered. Calls `on_refused` with the index of
  // each that the server refused, one call at a time.
  absl::Status Run(const ImportBatches& batches, OnRefused on_refused);

  // Counts items as done that are not sent. Not while a run is under way.
  void Skip(size_t item_count) { done_count_ += item_count; }

 private:
  absl::Status RunShare(const ImportShare& share, OnRefused on_refused);
  void TakeCheckpoint(const ImportShare& share, size_t first_item, size_t end_item,
                      const ImportPurchasesResponse& checkpoint, OnRefused on_refused);
  void TakeRefusals(const ImportShare& share, size_t first_item, size_t end_item,
                    const ImportPurchasesResponse& checkpoint, OnRefused on_refused);

  // Of a share, without a checkpoint between them.
  int ResumesMax();

  PurchaseService::StubInterface& stub_;
  const std::string& source_;
  const size_t total_count_;
  const PurchaseImportOptions& options_;
  std::mutex mutex_;
  PurchaseImportResult& result_;  // guarded by mutex_, as what follows
  size_t done_count_ = 0;
  bool has_checkpoint_ = false;
};

absl::Status Sending::Run(const ImportBatches& batches, OnRefused on_refused) {
  const bool is_one_batch = batches.item_count() <= kBatchItemsMax;
  const std::vector<ImportShare> shares =
      ImportShare::Cut(batches, is_one_batch ? 1 : static_cast<size_t>(options_.streams_max));
  std::vector<absl::Status> outcomes(shares.size());
  std::vector<std::thread> threads;
  threads.reserve(shares.size());
  for (size_t i = 0; i < shares.size(); ++i) {
    threads.emplace_back([&, i] { outcomes[i] = RunShare(shares[i], on_refused); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) CLIENTELE_RETURN_IF_ERROR(outcome);
  return absl::OkStatus();
}

absl::Status Sending::RunShare(const ImportShare& share, OnRefused on_refused) {
  size_t next_item = 0;  // everything before it is acknowledged
  int resume_count = 0;
  absl::Duration backoff = options_.backoff_min;
  const auto on_checkpoint = [&](size_t first_item, size_t end_item,
                                 const ImportPurchasesResponse& checkpoint) {
    TakeCheckpoint(share, first_item, end_item, checkpoint, on_refused);
    next_item = end_item;
    resume_count = 0;
    backoff = options_.backoff_min;
  };
  // The first stream does not wait for a server that may never have been there.
  ImportStreamTimeouts timeouts{.connect = absl::ZeroDuration(),
                                .checkpoint = options_.checkpoint_timeout};
  while (next_item < share.item_count()) {
    ImportStream stream(stub_, share, on_checkpoint);
    absl::Status status = stream.Run(source_, next_item, timeouts);
    if (status.ok()) {
      break;
    }
    if (!MayPass(status) || resume_count == ResumesMax()) {
      return status;
    }
    ++resume_count;
    timeouts.connect = options_.reconnect_timeout;
    absl::SleepFor(backoff);
    backoff *= 2;
  }
  return absl::OkStatus();
}

void Sending::TakeCheckpoint(const ImportShare& share, size_t first_item, size_t end_item,
                             const ImportPurchasesResponse& checkpoint, OnRefused on_refused) {
  std::lock_guard<std::mutex> lock(mutex_);
  has_checkpoint_ = true;
  Count(checkpoint, result_);
  TakeRefusals(share, first_item, end_item, checkpoint, on_refused);
  done_count_ += end_item - first_item;
  if (options_.on_progress) {
    options_.on_progress(static_cast<int64_t>(done_count_), static_cast<int64_t>(total_count_));
  }
}

void Sending::TakeRefusals(const ImportShare& share, size_t first_item, size_t end_item,
                           const ImportPurchasesResponse& checkpoint, OnRefused on_refused) {
  for (const auto& refusal : checkpoint.refusals()) {
    const size_t item = first_item + static_cast<size_t>(refusal.item_index());
    if (refusal.item_index() < 0 || item >= end_item) {
      continue;  // names no item of the batch
    }
    on_refused(share.IndexInAll(item));
    const Refusal why = ExplainRefusal(FromServer(refusal.status()));
    result_.rejections.Add(share.ReasonInFile(why.reason), why.detail, share.LineNumbers(item));
  }
}

int Sending::ResumesMax() {
  std::lock_guard<std::mutex> lock(mutex_);
  return has_checkpoint_ ? kResumesMax : 0;
}

}  // namespace

absl::Status ImportPurchases(PurchaseService::StubInterface& stub, const PurchaseFile& file,
                             const PurchaseImportOptions& options, PurchaseImportResult& result) {
  result.rejections.AddAll(file.rejected);
  Sending sending(stub, file.source, file.orders.size() + file.refunds.size(), options, result);
  OrderIndexes refused_orders;
  CLIENTELE_RETURN_IF_ERROR(sending.Run(
      OrderBatches(file), [&refused_orders](size_t order) { refused_orders.insert(order); }));
  const OrderRefundBatches refunds(file, refused_orders);
  result.rejections.Add(kOrderRefused, "the server refused the order",
                        refunds.left_out_line_numbers());
  sending.Skip(refunds.left_out_line_numbers().size());
  return sending.Run(refunds, IgnoreRefused);
}

absl::Status ImportRefunds(PurchaseService::StubInterface& stub, const RefundFile& file,
                           const PurchaseImportOptions& options, PurchaseImportResult& result) {
  result.rejections.AddAll(file.rejected);
  Sending sending(stub, file.source, file.refunds.size(), options, result);
  return sending.Run(RefundBatches(file), IgnoreRefused);
}

}  // namespace clientele::cli
