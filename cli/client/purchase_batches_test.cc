#include "cli/client/purchase_batches.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace pb = clientele::profile::v1;

PurchaseFile Read(PurchaseFormat format, const std::string& content) {
  return *ReadPurchaseFile(TestFile(content).path(), format, {});
}

PurchaseFile OneRefundedOrder() {
  return Read(PurchaseFormat::kOnlineRetail,
              "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
              "536365,85123A,,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
              "C536379,85123A,,-2,2010-12-01 09:41:00,2.55,17850.0,United Kingdom\n");
}

TEST(OrderBatches, WritesAnOrderWithItsCustomersSpellings) {
  const PurchaseFile file = OneRefundedOrder();
  pb::ImportPurchasesBatch batch;
  ASSERT_EQ(OrderBatches(file).Fill(0, batch), 1);
  std::string text;
  google::protobuf::TextFormat::PrintToString(batch.items(0).order(), &text);
  EXPECT_EQ(text, R"(purchase {
  customer_id: "online-retail-17850-0"
  source_system: "online-retail"
  order_number: "536365"
  occur_time {
    seconds: 1291191960
  }
  currency_code: "GBP"
  region: "United Kingdom"
  lines {
    line_number: 2
    sku: "85123A"
    quantity: 6
    unit_price_micros: 2550000
  }
}
customer_identifiers {
  type: IDENTIFIER_TYPE_EXTERNAL
  value: "17850.0"
  system: "online-retail"
}
customer_identifiers {
  type: IDENTIFIER_TYPE_EXTERNAL
  value: "17850"
  system: "online-retail"
}
)");
}

TEST(OrderRefundBatches, WritesARefundOfItsOrdersLine) {
  const PurchaseFile file = OneRefundedOrder();
  const OrderRefundBatches refunds(file, {});
  pb::ImportPurchasesBatch batch;
  ASSERT_EQ(refunds.Fill(0, batch), 1);
  const pb::ImportRefund& refund = batch.items(0).refund();
  EXPECT_EQ(refund.customer_id(), "online-retail-17850-0");
  EXPECT_EQ(refund.order_number(), "536365");
  EXPECT_EQ(refund.refund().refund_number(), "C536379-3");
  EXPECT_EQ(refund.refund().lines(0).line_number(), 2);
  EXPECT_EQ(refund.refund().lines(0).quantity(), 2);
  EXPECT_THAT(OrderBatches(file).LineNumbers(0), ElementsAre(2));
  EXPECT_THAT(refunds.LineNumbers(0), ElementsAre(3));
  EXPECT_THAT(refunds.left_out_line_numbers(), IsEmpty());
}

TEST(OrderRefundBatches, LeavesOutTheRefundsOfRefusedOrders) {
  const PurchaseFile file = OneRefundedOrder();
  const OrderRefundBatches refunds(file, {0});
  EXPECT_EQ(refunds.item_count(), 0);
  EXPECT_THAT(refunds.left_out_line_numbers(), ElementsAre(3));
}

// Orders of `lines` lines each, with SKUs of `sku_bytes` bytes.
PurchaseFile LargeOrders(int orders, int lines, size_t sku_bytes) {
  std::string content = "order_number,customer,occur_time,currency,sku,category\n";
  for (int order = 0; order < orders; ++order) {
    for (int line = 0; line < lines; ++line) {
      absl::StrAppend(&content, order, ",c,2024-05-01,EUR,", std::string(sku_bytes, 's'), ",\n");
    }
  }
  return Read(PurchaseFormat::kCsv, content);
}

TEST(OrderBatches, CutsAtTheLimitOfLines) {
  constexpr int kFitting = static_cast<int>(kBatchLinesMax) / 2'000;
  const PurchaseFile file = LargeOrders(kFitting + 1, 2'000, 1);
  pb::ImportPurchasesBatch batch;
  EXPECT_EQ(OrderBatches(file).Fill(0, batch), kFitting);
  EXPECT_EQ(batch.items_size(), kFitting);
}

TEST(OrderBatches, CutsAtTheLimitOfBytes) {
  const PurchaseFile file = LargeOrders(40, 1'000, 100);
  pb::ImportPurchasesBatch batch;
  const size_t end = OrderBatches(file).Fill(3, batch);
  EXPECT_LE(batch.ByteSizeLong(), kBatchBytesMax + 1'024);
  EXPECT_EQ(end, 3 + static_cast<size_t>(batch.items_size()));
  EXPECT_LT(end, 40);
}

TEST(OrderBatches, CutsAtTheLimitOfItems) {
  const PurchaseFile file = LargeOrders(kBatchItemsMax + 1, 1, 1);
  pb::ImportPurchasesBatch batch;
  EXPECT_EQ(OrderBatches(file).Fill(0, batch), kBatchItemsMax);
  pb::ImportPurchasesBatch rest;
  EXPECT_EQ(OrderBatches(file).Fill(kBatchItemsMax, rest), kBatchItemsMax + 1);
  EXPECT_EQ(rest.items_size(), 1);
}

}  // namespace
}  // namespace clientele::cli
