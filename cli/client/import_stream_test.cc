#include "cli/client/import_stream.h"

#include "cli/client/purchase_batches.h"
#include "cli/client/testing/purchase_files.h"
#include "cli/testing/fake_server.h"
#include "common/rpc/client.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using Stream = grpc::ServerReaderWriter<pb::ImportPurchasesResponse, pb::ImportPurchasesRequest>;

// Reads on without acknowledging until the client goes away.
class SilentPurchases final : public pb::PurchaseService::Service {
 public:
  grpc::Status ImportPurchases(grpc::ServerContext*, Stream* stream) override {
    pb::ImportPurchasesRequest request;
    while (stream->Read(&request)) {
      batch_count += request.has_batch() ? 1 : 0;
    }
    return grpc::Status::OK;
  }
  int batch_count = 0;
};

TEST(ImportStream, KeepsFourBatchesInFlightAndGivesUpOnASilentServer) {
  SilentPurchases purchases;
  const PurchaseFile file = FileOf((kUnacknowledgedBatchesMax + 1) * kBatchItemsMax);
  const OrderBatches batches(file);
  absl::Status status;
  {
    const FakeServer server({&purchases});
    const auto stub = pb::PurchaseService::NewStub(rpc::Connect(server.address()));
    ImportStream stream(*stub, batches, [](size_t, size_t, const auto&) { FAIL(); });
    status =
        stream.Run("csv", 0, {.connect = absl::ZeroDuration(), .checkpoint = absl::Seconds(2)});
  }
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(purchases.batch_count, kUnacknowledgedBatchesMax);
}

TEST(ImportStream, SaysSoWhenNobodyListens) {
  const PurchaseFile file = FileOf(1);
  const OrderBatches batches(file);
  const auto stub = pb::PurchaseService::NewStub(rpc::Connect("127.0.0.1:1"));
  ImportStream stream(*stub, batches, [](size_t, size_t, const auto&) { FAIL(); });
  EXPECT_TRUE(absl::IsUnavailable(
      stream.Run("csv", 0, {.connect = absl::ZeroDuration(), .checkpoint = absl::Seconds(20)})));
}

TEST(ImportStream, WaitsAsLongAsToldForAServerThatIsAway) {
  const PurchaseFile file = FileOf(1);
  const OrderBatches batches(file);
  const auto stub = pb::PurchaseService::NewStub(rpc::Connect("127.0.0.1:1"));
  ImportStream stream(*stub, batches, [](size_t, size_t, const auto&) { FAIL(); });
  const absl::Status status =
      stream.Run("csv", 0, {.connect = absl::Milliseconds(300), .checkpoint = absl::Seconds(20)});
  EXPECT_EQ(status.message(), "the server did not come back in time");
}

}  // namespace
}  // namespace clientele::cli
