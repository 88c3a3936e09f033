#ifndef CLI_CLIENT_PURCHASE_IMPORT_H_
#define CLI_CLIENT_PURCHASE_IMPORT_H_

// Sends a file of purchases or refunds to a server and goes on after a broken stream.

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/client/rejections.h"
#include "cli/import/purchase_file.h"
#include "cli/import/refund_file.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"

namespace clientele::cli {

// The reason of a refund that was not sent because the server refused its order.
inline constexpr char kOrderRefused[] = "ORDER_REFUSED";

// Breaks in a row, without a checkpoint between them, that are got over.
inline constexpr int kResumesMax = 5;

// Streams of one import at a time: while the database works on a batch of one, the server reads and
// checks a batch of the other. More of them would only wait for each other on SQLite, which has one
// writer.
inline constexpr int kImportStreamsMax = 2;

struct PurchaseImportOptions {
  int streams_max = kImportStreamsMax;
  absl::Duration checkpoint_timeout = absl::Seconds(60);  // without any checkpoint
  absl::Duration reconnect_timeout = absl::Seconds(5);    // of one resume
  absl::Duration backoff_min = absl::Milliseconds(200);   // before the first resume; then doubled
  // Called after each checkpoint with the items done and in total, from any thread, one call at a
  // time; may be empty.
  std::function<void(int64_t done_count, int64_t total_count)> on_progress;
};

// What the checkpoints said. What was sent twice after a break counts as recorded before.
struct PurchaseImportResult {
  int64_t orders_recorded_count = 0;
  int64_t lines_recorded_count = 0;
  int64_t orders_already_recorded_count = 0;
  int64_t refunds_recorded_count = 0;
  int64_t refunds_already_recorded_count = 0;
  int64_t customers_created_count = 0;
  Rejections rejections;  // the reader's and the server's
};

// Imports `file`: the orders, and once all of them are answered the refunds, in streams of their
// own. What is more than a batch goes over streams_max streams, all items of a customer over the
// same one. Refunds of refused orders are not sent but rejected with kOrderRefused: the number may
// be that of a recorded order of other content. `result` also holds what was done when it fails. A
// stream that breaks before the import's first checkpoint fails at once (there is no such server);
// later ones are taken up again after their last checkpoint, at most kResumesMax times in a row.
// Errors that trying again would not change (INVALID_ARGUMENT, DISK_FULL) are returned as they are,
// once the other stream has come to its end. Blocks.
absl::Status ImportPurchases(clientele::profile::v1::PurchaseService::StubInterface& stub,
                             const PurchaseFile& file, const PurchaseImportOptions& options,
                             PurchaseImportResult& result);

// The same for a file of refunds; the orders are there already, and those on record are meant: a
// file without the orders cannot tell that one of them was refused.
absl::Status ImportRefunds(clientele::profile::v1::PurchaseService::StubInterface& stub,
                           const RefundFile& file, const PurchaseImportOptions& options,
                           PurchaseImportResult& result);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_PURCHASE_IMPORT_H_
