// Whole imports over gRPC: cut midway, and two at once.

#include <grpcpp/client_context.h>

#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/profile/testing/api_fixture.h"
#include "services/profile/testing/profile_server.h"

namespace clientele::profile {
namespace {

class ProfileImport : public ::testing::Test {
 protected:
  ProfileServer server_;
  const std::unique_ptr<v1::PurchaseService::Stub> purchases_ =
      v1::PurchaseService::NewStub(server_.Connect());
};

// What the checkpoints of an import said together.
struct ImportTotals {
  int64_t orders_recorded_count = 0;
  int64_t orders_already_recorded_count = 0;
  int64_t refunds_recorded_count = 0;
  int64_t customers_created_count = 0;
  int64_t refusal_count = 0;
};

v1::ImportPurchasesRequest ImportConfigOfShop() {
  v1::ImportPurchasesRequest request;
  request.mutable_config()->set_source_system("shop");
  request.mutable_config()->set_create_missing_customers(true);
  return request;
}

// Five orders, each followed by its whole refund.
v1::ImportPurchasesRequest ImportBatchOfShop(int sequence_number) {
  v1::ImportPurchasesRequest request;
  request.mutable_batch()->set_sequence_number(sequence_number);
  for (int i = 0; i < 5; ++i) {
    const int number = sequence_number * 5 + i;
    const v1::Purchase purchase =
        MakePurchaseProto(absl::StrCat("shop-c-", number % 7), absl::StrCat(number));
    *request.mutable_batch()->add_items()->mutable_order()->mutable_purchase() = purchase;
    v1::ImportRefund& refund = *request.mutable_batch()->add_items()->mutable_refund();
    refund.set_customer_id(purchase.customer_id());
    refund.set_order_number(purchase.order_number());
    refund.mutable_refund()->set_refund_number("r-1");
    refund.mutable_refund()->set_amount_minor(1530);
  }
  return request;
}

// Imports eight such batches: 40 orders of 7 customers.
ImportTotals ImportOneFile(v1::PurchaseService::Stub& stub) {
  grpc::ClientContext context;
  const auto stream = stub.ImportPurchases(&context);
  EXPECT_TRUE(stream->Write(ImportConfigOfShop()));
  ImportTotals totals;
  for (int batch = 1; batch <= 8; ++batch) {
    EXPECT_TRUE(stream->Write(ImportBatchOfShop(batch)));
    v1::ImportPurchasesResponse checkpoint;
    EXPECT_TRUE(stream->Read(&checkpoint));
    totals.orders_recorded_count += checkpoint.orders_recorded_count();
    totals.orders_already_recorded_count += checkpoint.orders_already_recorded_count();
    totals.refunds_recorded_count += checkpoint.refunds_recorded_count();
    totals.customers_created_count += checkpoint.customers_created_count();
    totals.refusal_count += checkpoint.refusals_size();
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  return totals;
}

TEST_F(ProfileImport, TakesAFileInOnceThoughTwoImportItAtOnce) {
  ImportTotals first;
  ImportTotals second;
  std::thread other([&] { first = ImportOneFile(*purchases_); });
  second = ImportOneFile(*purchases_);
  other.join();
  EXPECT_EQ(first.orders_recorded_count + second.orders_recorded_count, 40);
  EXPECT_EQ(first.orders_already_recorded_count + second.orders_already_recorded_count, 40);
  EXPECT_EQ(first.refunds_recorded_count + second.refunds_recorded_count, 40);
  EXPECT_EQ(first.customers_created_count + second.customers_created_count, 7);
  EXPECT_EQ(first.refusal_count + second.refusal_count, 0);
}

// The caller goes away with a batch under way: whatever became of it, once the file is sent again
// every order is there once, and what was acknowledged is among those recorded before.
TEST_F(ProfileImport, TakesUpAnImportThatWasCutMidway) {
  {
    grpc::ClientContext context;
    const auto stream = purchases_->ImportPurchases(&context);
    EXPECT_TRUE(stream->Write(ImportConfigOfShop()));
    EXPECT_TRUE(stream->Write(ImportBatchOfShop(1)));
    v1::ImportPurchasesResponse checkpoint;
    EXPECT_TRUE(stream->Read(&checkpoint));
    stream->Write(ImportBatchOfShop(2));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const ImportTotals totals = ImportOneFile(*purchases_);
  EXPECT_GE(totals.orders_already_recorded_count, 5);
  EXPECT_LE(totals.orders_already_recorded_count, 10);
  EXPECT_EQ(totals.orders_recorded_count + totals.orders_already_recorded_count, 40);
  EXPECT_EQ(totals.refusal_count, 0);
  EXPECT_EQ(ImportOneFile(*purchases_).orders_already_recorded_count, 40);
}

}  // namespace
}  // namespace clientele::profile
