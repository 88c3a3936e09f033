#ifndef CLI_CLIENT_IMPORT_STREAM_H_
#define CLI_CLIENT_IMPORT_STREAM_H_

// One stream of PurchaseService.ImportPurchases: sends batches a few ahead of the checkpoints.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/client/import_batches.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/async_stream.h"

namespace clientele::cli {

// Batches sent and not yet acknowledged: enough that the server never waits, little enough that
// memory and what a break sends twice stay small.
inline constexpr size_t kUnacknowledgedBatchesMax = 4;

// How long a stream waits before it gives up.
struct ImportStreamTimeouts {
  // For a server to be there; zero = it must be there already.
  absl::Duration connect;
  // For each checkpoint.
  absl::Duration checkpoint;
};

// Takes the checkpoint of the batch of items [first_item, end_item).
using CheckpointHandler =
    std::function<void(size_t first_item, size_t end_item,
                       const clientele::profile::v1::ImportPurchasesResponse& checkpoint)>;

// Runs once, on the calling thread; one read and one write are in flight at a time, so that neither
// side's flow control can block the other.
class ImportStream {
 public:
  // `stub` and `batches` outlive it.
  ImportStream(clientele::profile::v1::PurchaseService::StubInterface& stub,
               const ImportBatches& batches, CheckpointHandler on_checkpoint);
  ~ImportStream();
  ImportStream(const ImportStream&) = delete;
  ImportStream& operator=(const ImportStream&) = delete;

  // Sends `source_system`'s items from `first_item` on until every batch is acknowledged.
  // UNAVAILABLE when no server is there in time, DEADLINE_EXCEEDED when a checkpoint does not come
  // in time, DATA_LOSS for a checkpoint out of order, else how the stream ended.
  absl::Status Run(const std::string& source_system, size_t first_item,
                   const ImportStreamTimeouts& timeouts);

 private:
  struct SentBatch {
    int64_t sequence_number = 0;
    size_t first_item = 0;
    size_t end_item = 0;
  };

  void WriteNext();
  void OnEvent(void* tag, bool ok);
  void OnRead(bool ok);
  void OnTimeout();
  void Cancel(absl::Status why);
  absl::Status Result() const;

  clientele::profile::v1::PurchaseService::StubInterface& stub_;
  const ImportBatches& batches_;
  CheckpointHandler on_checkpoint_;

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientAsyncReaderWriterInterface<clientele::profile::v1::ImportPurchasesRequest,
                                             clientele::profile::v1::ImportPurchasesResponse>>
      stream_;
  clientele::profile::v1::ImportPurchasesRequest request_;
  clientele::profile::v1::ImportPurchasesResponse response_;
  std::deque<SentBatch> unacknowledged_;
  size_t next_item_ = 0;
  int64_t last_sequence_number_ = 0;
  bool started_ = false;
  bool writing_ = false;       // a write or the half-close is in flight
  bool writes_ended_ = false;  // half-closed, or the stream takes no more
  bool reads_ended_ = false;
  bool finishing_ = false;
  bool finished_ = false;
  ImportStreamTimeouts timeouts_;
  absl::Time deadline_;     // of the connection, then of the next checkpoint
  absl::Status own_error_;  // why this side ended the stream
  grpc::Status status_;     // how the stream ended
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_IMPORT_STREAM_H_
