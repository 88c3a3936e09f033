#include "cli/client/purchase_import.h"

#include <string>

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

// One import: what its runs of items have in common. Not thread-safe.
class Sending {
 public:
  // Everything outlives it. `source` is the streams', `total_count` the items of all runs.
  Sending(PurchaseService::StubInterface& stub, const std::string& source, size_t total_count,
          const PurchaseImportOptions& options, PurchaseImportResult& result)
      : stub_(stub),
        source_(source),
        total_count_(total_count),
        options_(options),
        result_(result),
        backoff_(options.backoff_min),
        timeouts_{.connect = absl::ZeroDuration(), .checkpoint = options.checkpoint_timeout} {}

  // Sends every item of `batches`; OK once all are answered. Calls `on_refused` with the index of
  // each that the server refused.
  absl::Status Run(const ImportBatches& batches, absl::FunctionRef<void(size_t)> on_refused);

  // Counts items as done that are not sent.
  void Skip(size_t item_count) { done_count_ += item_count; }

 private:
  void TakeRefusals(const ImportBatches& batches, size_t first_item, size_t end_item,
                    const ImportPurchasesResponse& checkpoint,
                    absl::FunctionRef<void(size_t)> on_refused);
  void OnHeadway(size_t item_count);

  PurchaseService::StubInterface& stub_;
  const std::string& source_;
  const size_t total_count_;
  const PurchaseImportOptions& options_;
  PurchaseImportResult& result_;
  size_t done_count_ = 0;
  int resumes_left_ = 0;  // none before the first checkpoint
  absl::Duration backoff_;
  // The first stream does not wait for a server that may never have been there.
  ImportStreamTimeouts timeouts_;
};

void Sending::TakeRefusals(const ImportBatches& batches, size_t first_item, size_t end_item,
                           const ImportPurchasesResponse& checkpoint,
                           absl::FunctionRef<void(size_t)> on_refused) {
  for (const auto& refusal : checkpoint.refusals()) {
    const size_t item = first_item + static_cast<size_t>(refusal.item_index());
    if (refusal.item_index() < 0 || item >= end_item) {
      continue;  // names no item of the batch
    }
    on_refused(item);
    const Refusal why = ExplainRefusal(FromServer(refusal.status()));
    result_.rejections.Add(batches.ReasonInFile(why.reason), why.detail, batches.LineNumbers(item));
  }
}

void Sending::OnHeadway(size_t item_count) {
  done_count_ += item_count;
  resumes_left_ = kResumesMax;
  backoff_ = options_.backoff_min;
  if (options_.on_progress) {
    options_.on_progress(static_cast<int64_t>(done_count_), static_cast<int64_t>(total_count_));
  }
}

absl::Status Sending::Run(const ImportBatches& batches,
                          absl::FunctionRef<void(size_t)> on_refused) {
  size_t next_item = 0;  // everything before it is acknowledged
  const auto on_checkpoint = [&](size_t first_item, size_t end_item,
                                 const ImportPurchasesResponse& checkpoint) {
    Count(checkpoint, result_);
    TakeRefusals(batches, first_item, end_item, checkpoint, on_refused);
    next_item = end_item;
    OnHeadway(end_item - first_item);
  };
  while (next_item < batches.item_count()) {
    ImportStream stream(stub_, batches, on_checkpoint);
    absl::Status status = stream.Run(source_, next_item, timeouts_);
    if (status.ok()) {
      break;
    }
    if (!MayPass(status) || resumes_left_ == 0) {
      return status;
    }
    --resumes_left_;
    timeouts_.connect = options_.reconnect_timeout;
    absl::SleepFor(backoff_);
    backoff_ *= 2;
  }
  return absl::OkStatus();
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
