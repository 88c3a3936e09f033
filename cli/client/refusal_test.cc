#include "cli/client/refusal.h"

#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

Refusal RefusalOf(absl::string_view field, absl::string_view description) {
  Violations violations;
  violations.Add(field, description);
  return ExplainRefusal(violations.ToStatus());
}

TEST(Refusal, NamesAFieldAsTheReaderOfTheFileDoes) {
  const Refusal time = RefusalOf("batch.items[3].order.purchase.occur_time",
                                 "must not be more than 5 minutes ahead of the server");
  EXPECT_EQ(time.reason, "INVALID_TIME");
  EXPECT_EQ(time.detail, "occur_time must not be more than 5 minutes ahead of the server");
  EXPECT_EQ(RefusalOf("batch.items[0].order.purchase.currency_code", "x").reason,
            "INVALID_CURRENCY");
  EXPECT_EQ(RefusalOf("batch.items[0].order.purchase.lines[7].sku", "x").reason, "INVALID_TEXT");
  EXPECT_EQ(RefusalOf("batch.items[0].order.purchase.lines", "x").reason, "ORDER_TOO_LARGE");
  EXPECT_EQ(RefusalOf("batch.items[0].order.customer_identifiers[1]", "x").reason,
            "INVALID_CUSTOMER_ID");
  EXPECT_EQ(RefusalOf("batch.items[0].order.customer_identifiers[1].value", "x").reason,
            "INVALID_CUSTOMER_ID");
  EXPECT_EQ(RefusalOf("batch.items[9].refund.refund.lines[0].quantity", "x").reason,
            "INVALID_QUANTITY");
}

TEST(Refusal, AValueOfSomethingElseIsNoCustomerId) {
  EXPECT_EQ(RefusalOf("customer.identifiers[1].value", "x").reason, "INVALID_ARGUMENT");
}

TEST(Refusal, KeepsTheReasonsOfTheServer) {
  const Refusal conflict = ExplainRefusal(
      ErrorBuilder(absl::StatusCode::kAlreadyExists, "PURCHASE_CONFLICT", "order 1 differs")
          .Build());
  EXPECT_EQ(conflict.reason, "PURCHASE_CONFLICT");
  EXPECT_EQ(conflict.detail, "order 1 differs");
  EXPECT_EQ(RefusalOf("batch.items[0].order.purchase.colour", "is ugly").reason,
            "INVALID_ARGUMENT");
  EXPECT_EQ(ExplainRefusal(absl::InternalError("broken")).reason, "INTERNAL");
}

}  // namespace
}  // namespace clientele::cli
