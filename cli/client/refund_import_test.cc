#include "absl/strings/str_cat.h"
#include "cli/client/purchase_import.h"
#include "cli/client/refund_batches.h"
#include "cli/import/test_files.h"
#include "cli/testing/fake_server.h"
#include "common/rpc/client.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

namespace pb = clientele::profile::v1;

constexpr char kHeader[] =
    "order_number,refund_number,customer,occur_time,line_number,quantity,amount_minor,reason\n";

RefundFile Read(const std::string& rows) {
  CsvFileOptions options;
  options.source = "shop";
  return *ReadRefundFile(TestFile(absl::StrCat(kHeader, rows)).path(), options);
}

// Knows no order "A-9", has order "A-8" fully refunded, takes every other refund.
class FakePurchases final : public pb::PurchaseService::Service {
 public:
  grpc::Status ImportPurchases(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<pb::ImportPurchasesResponse, pb::ImportPurchasesRequest>* stream)
      override {
    pb::ImportPurchasesRequest request;
    while (stream->Read(&request)) {
      if (request.has_config()) {
        source_system = request.config().source_system();
        continue;
      }
      pb::ImportPurchasesResponse response;
      response.set_sequence_number(request.batch().sequence_number());
      for (int i = 0; i < request.batch().items_size(); ++i) {
        Take(i, request.batch().items(i).refund(), response);
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  std::string source_system;

 private:
  static void Take(int index, const pb::ImportRefund& refund,
                   pb::ImportPurchasesResponse& response) {
    if (refund.order_number() == "A-9") {
      Refuse(index, absl::StatusCode::kNotFound, "PURCHASE_NOT_FOUND", response);
    } else if (refund.order_number() == "A-8") {
      Refuse(index, absl::StatusCode::kFailedPrecondition, "REFUND_EXCEEDS_REMAINING", response);
    } else {
      response.set_refunds_recorded_count(response.refunds_recorded_count() + 1);
    }
  }

  static void Refuse(int index, absl::StatusCode code, const std::string& reason,
                     pb::ImportPurchasesResponse& response) {
    auto& refusal = *response.add_refusals();
    refusal.set_item_index(index);
    refusal.mutable_status()->ParseFromString(NamedError(code, reason, "no").error_details());
  }
};

TEST(RefundImport, SendsRefundsAndNamesTheRowsTheServerRefuses) {
  FakePurchases purchases;
  const FakeServer server({&purchases});
  const auto stub = pb::PurchaseService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  const RefundFile file = Read(
      "A-1,R-1,c-1,2024-05-09,2,1,,\n"
      "A-9,R-1,c-1,2024-05-09,5,1,,\n"
      "A-9,R-1,c-1,2024-05-09,6,1,,\n"
      "A-8,R-1,c-1,2024-05-09,9,1,,\n"
      "A-1,,c-1,2024-05-09,2,1,,\n");
  PurchaseImportResult result;
  ASSERT_TRUE(ImportRefunds(*stub, file, PurchaseImportOptions(), result).ok());
  EXPECT_EQ(purchases.source_system, "shop");
  EXPECT_EQ(result.refunds_recorded_count, 1);
  EXPECT_THAT(result.rejections.RowCounts(),
              UnorderedElementsAre(Pair("UNMATCHED_REFUND", 2), Pair("REFUND_EXCEEDS_REMAINING", 1),
                                   Pair("MISSING_REFUND_NUMBER", 1)));
  EXPECT_THAT(result.rejections.ToText(), HasSubstr("line 3, 4"));
}

TEST(RefundBatches, WritesLinesAndAmounts) {
  const RefundFile file = Read(
      "A-1,R-1,c-1,2024-05-09,2,3,,DAMAGED\n"
      "A-2,R-2,c-1,2024-05-09,,,500,\n");
  pb::ImportPurchasesBatch batch;
  ASSERT_EQ(RefundBatches(file).Fill(0, batch), 2u);
  std::string text;
  google::protobuf::TextFormat::PrintToString(batch, &text);
  EXPECT_EQ(text, R"(items {
  refund {
    customer_id: "shop-c-1"
    order_number: "A-1"
    refund {
      refund_number: "R-1"
      occur_time {
        seconds: 1715212800
      }
      lines {
        line_number: 2
        quantity: 3
      }
      reason: "DAMAGED"
    }
  }
}
items {
  refund {
    customer_id: "shop-c-1"
    order_number: "A-2"
    refund {
      refund_number: "R-2"
      occur_time {
        seconds: 1715212800
      }
      amount_minor: 500
    }
  }
}
)");
}

}  // namespace
}  // namespace clientele::cli
