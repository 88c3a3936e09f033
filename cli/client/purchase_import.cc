#include "cli/client/purchase_import.h"

#include <string>

#include "absl/time/clock.h"
#include "cli/client/import_stream.h"
#include "cli/client/purchase_batches.h"
#include "cli/client/refund_batches.h"
#include "cli/client/refusal.h"
#include "cli/client/server_status.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::ImportPurchasesResponse;
using clientele::profile::v1::PurchaseService;

void Count(const ImportBatches& batches, size_t first_item, size_t end_item,
           const ImportPurchasesResponse& checkpoint, PurchaseImportResult& result) {
  result.orders_recorded_count += checkpoint.orders_recorded_count();
  result.lines_recorded_count += checkpoint.lines_recorded_count();
  result.orders_already_recorded_count += checkpoint.orders_already_recorded_count();
  result.refunds_recorded_count += checkpoint.refunds_recorded_count();
  result.refunds_already_recorded_count += checkpoint.refunds_already_recorded_count();
  result.customers_created_count += checkpoint.customers_created_count();
  for (const auto& refusal : checkpoint.refusals()) {
    const size_t item = first_item + static_cast<size_t>(refusal.item_index());
    if (refusal.item_index() < 0 || item >= end_item) {
      continue;  // names no item of the batch
    }
    const Refusal why = ExplainRefusal(FromServer(refusal.status()));
    result.rejections.Add(batches.ReasonInFile(why.reason), why.detail, batches.LineNumbers(item));
  }
}

// Sends every item of `batches`; the streams' source is `source`.
absl::Status Send(PurchaseService::StubInterface& stub, const std::string& source,
                  const ImportBatches& batches, const PurchaseImportOptions& options,
                  PurchaseImportResult& result) {
  const auto total_count = static_cast<int64_t>(batches.item_count());
  size_t next_item = 0;  // everything before it is acknowledged
  int resumes_left = 0;  // none before the first checkpoint
  absl::Duration backoff = options.backoff_min;
  // The first stream does not wait for a server that may never have been there.
  ImportStreamTimeouts timeouts = {.connect = absl::ZeroDuration(),
                                   .checkpoint = options.checkpoint_timeout};
  const auto on_checkpoint = [&](size_t first_item, size_t end_item,
                                 const ImportPurchasesResponse& checkpoint) {
    Count(batches, first_item, end_item, checkpoint, result);
    next_item = end_item;
    resumes_left = kResumesMax;
    backoff = options.backoff_min;
    if (options.on_progress) {
      options.on_progress(static_cast<int64_t>(next_item), total_count);
    }
  };
  while (next_item < batches.item_count()) {
    ImportStream stream(stub, batches, on_checkpoint);
    absl::Status status = stream.Run(source, next_item, timeouts);
    if (status.ok()) {
      break;
    }
    if (!MayPass(status) || resumes_left == 0) {
      return status;
    }
    --resumes_left;
    timeouts.connect = options.reconnect_timeout;
    absl::SleepFor(backoff);
    backoff *= 2;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ImportPurchases(PurchaseService::StubInterface& stub, const PurchaseFile& file,
                             const PurchaseImportOptions& options, PurchaseImportResult& result) {
  result.rejections.AddAll(file.rejected);
  return Send(stub, file.source, PurchaseBatches(file), options, result);
}

absl::Status ImportRefunds(PurchaseService::StubInterface& stub, const RefundFile& file,
                           const PurchaseImportOptions& options, PurchaseImportResult& result) {
  result.rejections.AddAll(file.rejected);
  return Send(stub, file.source, RefundBatches(file), options, result);
}

}  // namespace clientele::cli
