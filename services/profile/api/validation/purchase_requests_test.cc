#include "services/profile/api/validation/purchase_requests.h"

#include <string>
#include <vector>

#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/api/converters/item_status.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr auto kRequired = common::v1::REQUEST_ID_RULE_REQUIRED;

const absl::Time kNow = TestBusinessTime();

std::optional<Purchase> Read(const v1::Purchase& proto, Violations& violations,
                             absl::string_view source_system = "") {
  const FieldPath root;
  return ReadPurchase(root.Field("p"), proto, source_system, kNow, violations);
}

std::vector<std::string> PurchaseViolations(const v1::Purchase& proto,
                                            absl::string_view source_system = "") {
  Violations violations;
  const bool was_read = Read(proto, violations, source_system).has_value();
  EXPECT_EQ(was_read, violations.empty());
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.all()) fields.push_back(violation.field);
  return fields;
}

TEST(ReadPurchase, ComputesTotalsIdAndHash) {
  Violations violations;
  const auto purchase = Read(MakePurchaseProto("c-1", "536365"), violations);
  ASSERT_TRUE(purchase.has_value());
  EXPECT_EQ(purchase->header.gross_minor, 1530);
  EXPECT_EQ(purchase->header.id, PurchaseIdOf("shop", "536365"));
  EXPECT_EQ(purchase->header.content_hash.size(), 32u);
}

TEST(ReadPurchase, HashesAlikeWhateverTheOrderOfLines) {
  v1::Purchase left = MakePurchaseProto("c-1", "1");
  *left.add_lines() = left.lines(0);
  left.mutable_lines(1)->set_line_number(2);
  v1::Purchase right = left;
  right.mutable_lines()->SwapElements(0, 1);
  Violations violations;
  EXPECT_EQ(Read(left, violations)->header.content_hash,
            Read(right, violations)->header.content_hash);
}

TEST(ReadPurchase, ListsEveryViolationAtOnce) {
  v1::Purchase proto;
  proto.set_customer_id("A");
  proto.set_source_system("-x");
  proto.set_order_number("  ");
  proto.set_currency_code("gbp");
  proto.set_channel(std::string(101, 'x'));
  proto.set_store("a\x01");
  proto.set_region("\xff");
  v1::PurchaseLine& line = *proto.add_lines();
  line.set_unit_price_micros(-1);
  line.set_category(std::string(101, 'x'));
  EXPECT_THAT(PurchaseViolations(proto),
              UnorderedElementsAre("p.customer_id", "p.source_system", "p.order_number",
                                   "p.occur_time", "p.currency_code", "p.channel", "p.store",
                                   "p.region", "p.lines[0].line_number", "p.lines[0].quantity",
                                   "p.lines[0].unit_price_micros", "p.lines[0].sku",
                                   "p.lines[0].category"));
}

TEST(ReadPurchase, BoundsTheNumberOfLinesAndTheirNumbers) {
  v1::Purchase proto = MakePurchaseProto("c-1", "1");
  proto.clear_lines();
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.lines"));
  for (int i = 0; i < 2001; ++i) {
    v1::PurchaseLine& line = *proto.add_lines();
    line.set_line_number(i + 1);
    line.set_sku("a");
    line.set_quantity(1);
  }
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.lines"));
  proto.mutable_lines()->RemoveLast();
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre());
  proto.mutable_lines(1999)->set_line_number(7);
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.lines[1999].line_number"));
}

TEST(ReadPurchase, SaysWhichAmountIsTooLarge) {
  v1::Purchase proto = MakePurchaseProto("c-1", "1");
  *proto.add_lines() = proto.lines(0);
  proto.mutable_lines(1)->set_line_number(2);
  proto.mutable_lines(1)->set_quantity(1'000'000'000);
  proto.mutable_lines(1)->set_unit_price_micros(1'000'000'000'000'000);
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.lines[1].unit_price_micros"));
  proto.mutable_lines(1)->set_unit_price_micros(39'999'999'999'999);
  proto.mutable_lines(0)->set_quantity(1'000'000'000);
  proto.mutable_lines(0)->set_unit_price_micros(39'999'999'999'999);
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.lines"));
}

TEST(ReadPurchase, TakesTheSourceSystemOfItsImport) {
  v1::Purchase proto = MakePurchaseProto("c-1", "1");
  EXPECT_THAT(PurchaseViolations(proto, "other"), ElementsAre("p.source_system"));
  EXPECT_THAT(PurchaseViolations(proto, "shop"), ElementsAre());
  proto.clear_source_system();
  Violations violations;
  EXPECT_EQ(Read(proto, violations, "other")->header.source_system, "other");
}

TEST(ReadPurchase, RefusesTheFutureAndMalformedTimes) {
  v1::Purchase proto = MakePurchaseProto("c-1", "1");
  *proto.mutable_occur_time() = ToTimestamp(kNow + absl::Minutes(5));
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre());
  *proto.mutable_occur_time() = ToTimestamp(kNow + absl::Minutes(5) + absl::Microseconds(1));
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.occur_time"));
  proto.mutable_occur_time()->set_nanos(-1);
  EXPECT_THAT(PurchaseViolations(proto), ElementsAre("p.occur_time"));
}

TEST(ValidateRefundPurchase, ListsEveryViolationAtOnce) {
  v1::RefundPurchaseRequest request;
  request.set_customer_id("c 1");
  request.set_purchase_id("p-1");
  request.set_etag("x");
  request.set_amount_minor(5);
  request.set_reason(std::string(201, 'x'));
  request.set_refund_number(std::string(101, 'x'));
  request.add_lines();
  request.add_lines();
  *request.mutable_occur_time() = ToTimestamp(kNow + absl::Hours(1));
  EXPECT_THAT(
      ViolatedFields(ValidateRefundPurchase(request, kRequired, kNow).status()),
      UnorderedElementsAre("request_id", "customer_id", "purchase_id", "etag", "amount_minor",
                           "reason", "refund_number", "lines[0].line_number", "lines[0].quantity",
                           "lines[1].line_number", "lines[1].quantity", "lines[1].line_number",
                           "occur_time"));
}

TEST(ValidateRefundPurchase, NeedsLinesOrAnAmount) {
  v1::RefundPurchaseRequest request;
  request.set_request_id(MakeRequestId(1));
  request.set_customer_id("c-1");
  request.set_purchase_id(PurchaseIdOf("shop", "1").value());
  EXPECT_THAT(ViolatedFields(ValidateRefundPurchase(request, kRequired, kNow).status()),
              ElementsAre("amount_minor"));
  request.set_amount_minor(1);
  EXPECT_TRUE(ValidateRefundPurchase(request, kRequired, kNow).ok());
}

TEST(ValidateCancelPurchase, ListsEveryViolationAtOnce) {
  v1::CancelPurchaseRequest request;
  request.set_etag("x");
  *request.mutable_occur_time() = ToTimestamp(kNow + absl::Hours(1));
  EXPECT_THAT(ViolatedFields(ValidateCancelPurchase(request, kRequired, kNow).status()),
              ElementsAre("request_id", "customer_id", "purchase_id", "etag", "occur_time"));
}

TEST(ReadImportRefund, NeedsANumberAndListsEveryViolation) {
  const FieldPath root;
  Violations violations;
  EXPECT_FALSE(ReadImportRefund(root.Field("r"), {}, "shop", kNow, violations).has_value());
  EXPECT_THAT(ViolatedFields(violations.ToStatus()),
              ElementsAre("r.customer_id", "r.order_number", "r.refund.refund_number",
                          "r.refund.amount_minor"));
}

TEST(ToItemStatus, ListsTheFirstViolationsAndCountsTheOthers) {
  Violations violations;
  for (int i = 0; i < 12; ++i) violations.Add(absl::StrCat("f", i), "is wrong");
  const absl::Status status = ToItemStatus(violations);
  EXPECT_EQ(ViolatedFields(status).size(), 9u);
  EXPECT_THAT(GetErrorDetails(status)->field_violations.back().description,
              HasSubstr("and 3 more"));
}

}  // namespace
}  // namespace clientele::profile
