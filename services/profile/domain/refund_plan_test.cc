#include "services/profile/domain/refund_plan.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/money/money.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Purchase MakePurchase(std::vector<PurchaseLine> lines) {
  Purchase purchase{.header = {.id = PurchaseId("p-1"),
                               .customer_id = CustomerId("c-1"),
                               .source_system = "shop",
                               .order_number = "1",
                               .occur_time = kNow,
                               .record_time = kNow,
                               .currency = *CurrencyCode::Parse("GBP")},
                    .lines = std::move(lines)};
  EXPECT_TRUE(ComputeTotals(purchase).ok());
  return purchase;
}

PurchaseLine Line(int32_t number, int64_t quantity, int64_t unit_price_micros) {
  return {.line_number = number,
          .sku = "sku",
          .quantity = quantity,
          .unit_price_micros = unit_price_micros};
}

RefundCommand Returning(std::vector<RefundLine> lines) {
  return {.customer_id = CustomerId("c-1"),
          .purchase_id = PurchaseId("p-1"),
          .refund = {.refund_number = "r-1",
                     .occur_time = kNow,
                     .lines = std::move(lines),
                     .content_hash = "hash"}};
}

RefundCommand Paying(int64_t amount_minor) {
  RefundCommand command = Returning({});
  command.refund.amount_minor = amount_minor;
  return command;
}

absl::StatusOr<RefundPlan> Plan(const Purchase& purchase, const RefundCommand& command) {
  return PlanRefund(purchase.header, purchase.lines, std::nullopt, command, kNow);
}

// Makes `purchase` what it is after the plan.
void Apply(const RefundPlan& plan, Purchase& purchase) {
  purchase.header = plan.header;
  for (const PurchaseLine& changed : plan.changed_lines) {
    for (PurchaseLine& line : purchase.lines) {
      if (line.line_number == changed.line_number) line = changed;
    }
  }
}

TEST(PlanRefund, GivesBackTheShareOfTheLine) {
  const Purchase purchase = MakePurchase({Line(1, 6, 2'550'000), Line(2, 1, 1'000'000)});
  const auto plan = Plan(purchase, Returning({{.line_number = 1, .quantity = 2}}));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->refund.amount_minor, 510);
  EXPECT_EQ(plan->header.refunded_minor, 510);
  EXPECT_EQ(plan->header.state, PurchaseState::kPartiallyRefunded);
  EXPECT_EQ(plan->header.version, 2);
  EXPECT_EQ(plan->refund.ordinal, 1);
  EXPECT_EQ(plan->event.refunded_minor, 510);
}

// Any way of returning a line in parts gives back exactly its gross, never more on the way.
TEST(PlanRefund, PartsOfAFullReturnAddUpToTheGross) {
  std::mt19937_64 random(20240601);
  for (int round = 0; round < 500; ++round) {
    const int64_t quantity = 1 + static_cast<int64_t>(random() % 97);
    Purchase purchase = MakePurchase(
        {Line(1, quantity, static_cast<int64_t>(random() % 100'000'000)), Line(2, 1, 10'000)});
    const int64_t gross_minor = purchase.lines[0].gross_minor;
    int64_t sum_minor = 0;
    for (int64_t left = quantity; left > 0;) {
      const int64_t part = 1 + static_cast<int64_t>(random() % left);
      const auto plan = Plan(purchase, Returning({{.line_number = 1, .quantity = part}}));
      ASSERT_TRUE(plan.ok()) << plan.status();
      ASSERT_GE(plan->refund.amount_minor, 0);
      sum_minor += plan->refund.amount_minor;
      ASSERT_LE(sum_minor, gross_minor);
      Apply(*plan, purchase);
      left -= part;
    }
    ASSERT_EQ(sum_minor, gross_minor) << "quantity " << quantity;
  }
}

TEST(PlanRefund, SurvivesTheLargestAmounts) {
  PurchaseLine line = Line(1, 1'000'000'000, 0);
  Purchase purchase = MakePurchase({line});
  purchase.lines[0].gross_minor = kAmountMinorMax;
  EXPECT_EQ(RefundAmountMinor(purchase.lines[0], 1'000'000'000), kAmountMinorMax);
  EXPECT_EQ(RefundAmountMinor(purchase.lines[0], 500'000'000), kAmountMinorMax / 2);
}

TEST(PlanRefund, IsRefundedOnceTheWholeAmountIsBack) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  auto plan = Plan(purchase, Paying(400));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->header.state, PurchaseState::kPartiallyRefunded);
  Apply(*plan, purchase);
  plan = Plan(purchase, Paying(600));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->header.state, PurchaseState::kRefunded);
}

TEST(PlanRefund, AWorthlessPurchaseIsRefundedOnceEveryUnitIsBack) {
  Purchase purchase = MakePurchase({Line(1, 2, 1'000)});
  ASSERT_EQ(purchase.header.gross_minor, 0);
  auto plan = Plan(purchase, Returning({{.line_number = 1, .quantity = 1}}));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->header.state, PurchaseState::kPartiallyRefunded);
  Apply(*plan, purchase);
  plan = Plan(purchase, Returning({{.line_number = 1, .quantity = 1}}));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->header.state, PurchaseState::kRefunded);
}

TEST(PlanRefund, RefusesMoreUnitsThanAreLeft) {
  Purchase purchase = MakePurchase({Line(3, 2, 5'000'000)});
  const auto plan = Plan(purchase, Returning({{.line_number = 3, .quantity = 5}}));
  EXPECT_EQ(GetErrorReason(plan.status()), "REFUND_EXCEEDS_REMAINING");
  const auto details = GetErrorDetails(plan.status());
  EXPECT_EQ(details->metadata.at("line_number"), "3");
  EXPECT_EQ(details->metadata.at("left"), "2");
  EXPECT_EQ(details->metadata.at("requested"), "5");
}

TEST(PlanRefund, RefusesMoreMoneyThanIsLeftAlsoByLines) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  EXPECT_EQ(GetErrorReason(Plan(purchase, Paying(1001)).status()), "REFUND_EXCEEDS_REMAINING");
  Apply(*Plan(purchase, Paying(600)), purchase);
  EXPECT_EQ(GetErrorReason(Plan(purchase, Returning({{.line_number = 1, .quantity = 1}})).status()),
            "REFUND_EXCEEDS_REMAINING");
}

TEST(PlanRefund, AnswersTheErrorsInTheOrderOfTheContract) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  RefundCommand command = Returning({{.line_number = 9, .quantity = 5}});
  command.expected_version = 7;
  std::optional<std::string> recorded_hash = "other";
  purchase.header.refund_count = kRefundsMax;
  const auto reason = [&](bool exists) {
    const std::optional<PurchaseHeader> header =
        exists ? std::optional<PurchaseHeader>(purchase.header) : std::nullopt;
    return GetErrorReason(
        PlanRefund(header, purchase.lines, recorded_hash, command, kNow).status());
  };
  purchase.header.state = PurchaseState::kCancelled;
  EXPECT_EQ(reason(false), "PURCHASE_NOT_FOUND");
  EXPECT_EQ(reason(true), "PURCHASE_LINE_NOT_FOUND");
  command.refund.lines[0].line_number = 1;
  EXPECT_EQ(reason(true), "REFUND_CONFLICT");
  recorded_hash.reset();
  EXPECT_EQ(reason(true), "ETAG_MISMATCH");
  command.expected_version = 1;
  EXPECT_EQ(reason(true), "PURCHASE_STATE");
  purchase.header.state = PurchaseState::kPlaced;
  EXPECT_EQ(reason(true), "TOO_MANY_REFUNDS");
  purchase.header.refund_count = 0;
  EXPECT_EQ(reason(true), "REFUND_EXCEEDS_REMAINING");
  command.refund.lines[0].quantity = 1;
  EXPECT_EQ(reason(true), "");
}

TEST(PlanRefund, AReusedNumberIsAConflictWhateverThePurchaseIsNow) {
  for (const PurchaseState state : {PurchaseState::kPlaced, PurchaseState::kPartiallyRefunded,
                                    PurchaseState::kRefunded, PurchaseState::kCancelled}) {
    Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
    purchase.header.state = state;
    purchase.header.refunded_minor = purchase.header.gross_minor;
    RefundCommand command = Paying(5);
    command.expected_version = 7;
    const auto plan =
        PlanRefund(purchase.header, purchase.lines, std::string("other"), command, kNow);
    EXPECT_EQ(GetErrorReason(plan.status()), "REFUND_CONFLICT") << PurchaseStateName(state);
  }
}

TEST(PlanRefund, BoundsTheNumberOfRefunds) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  purchase.header.refund_count = kRefundsMax - 1;
  EXPECT_TRUE(Plan(purchase, Paying(1)).ok());
  purchase.header.refund_count = kRefundsMax;
  const auto details = GetErrorDetails(Plan(purchase, Paying(1)).status());
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "TOO_MANY_REFUNDS");
  EXPECT_THAT(details->metadata,
              ElementsAre(Pair("purchase_id", "p-1"), Pair("refunds_max", "1000")));
}

TEST(PlanRefund, EveryRefusalSaysWhichPurchase) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  const auto purchase_of = [](const absl::Status& status) {
    const auto details = GetErrorDetails(status);
    return details.has_value() ? details->metadata.at("purchase_id") : "no error";
  };
  EXPECT_EQ(purchase_of(Plan(purchase, Returning({{.line_number = 9, .quantity = 1}})).status()),
            "p-1");
  EXPECT_EQ(purchase_of(Plan(purchase, Returning({{.line_number = 1, .quantity = 3}})).status()),
            "p-1");
  EXPECT_EQ(purchase_of(Plan(purchase, Paying(1001)).status()), "p-1");
  EXPECT_EQ(
      purchase_of(PlanRefund(purchase.header, purchase.lines, std::string("other"), Paying(1), kNow)
                      .status()),
      "p-1");
  purchase.header.state = PurchaseState::kCancelled;
  EXPECT_EQ(purchase_of(Plan(purchase, Paying(1)).status()), "p-1");
}

TEST(PlanRefund, RecognisesARepetitionWhateverHappenedSince) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  purchase.header.state = PurchaseState::kCancelled;
  const auto plan = PlanRefund(purchase.header, purchase.lines, std::string("hash"),
                               Returning({{.line_number = 1, .quantity = 2}}), kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->already_recorded);
}

TEST(CanonicalContent, OfARefundTellsGivenTimesApartAndIgnoresOurs) {
  const Refund refund = Returning({{.line_number = 1, .quantity = 2}}).refund;
  Refund later = refund;
  later.occur_time += absl::Seconds(1);
  EXPECT_NE(CanonicalContent(refund, refund.occur_time), CanonicalContent(later, later.occur_time));
  EXPECT_EQ(CanonicalContent(refund, std::nullopt), CanonicalContent(later, std::nullopt));
}

TEST(PlanCancel, CancelsWhatWasNotRefundedAndOnlyOnce) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  const CancelCommand command{.customer_id = CustomerId("c-1"),
                              .purchase_id = PurchaseId("p-1"),
                              .expected_version = std::nullopt,
                              .occur_time = kNow};
  const auto plan = PlanCancel(purchase.header, command);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->header.state, PurchaseState::kCancelled);
  EXPECT_EQ(plan->event.gross_minor, 1000);
  EXPECT_EQ(GetErrorReason(PlanCancel(plan->header, command).status()), "PURCHASE_STATE");
  Apply(*Plan(purchase, Paying(1)), purchase);
  EXPECT_EQ(GetErrorReason(PlanCancel(purchase.header, command).status()), "PURCHASE_STATE");
  EXPECT_EQ(GetErrorReason(PlanCancel(std::nullopt, command).status()), "PURCHASE_NOT_FOUND");
}

TEST(PlanCancel, ChecksExistenceThenEtagThenState) {
  Purchase purchase = MakePurchase({Line(1, 2, 5'000'000)});
  purchase.header.state = PurchaseState::kRefunded;
  CancelCommand command{.customer_id = CustomerId("c-1"),
                        .purchase_id = PurchaseId("p-1"),
                        .expected_version = 7,
                        .occur_time = kNow};
  EXPECT_EQ(GetErrorReason(PlanCancel(std::nullopt, command).status()), "PURCHASE_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(PlanCancel(purchase.header, command).status()), "ETAG_MISMATCH");
  command.expected_version = 1;
  EXPECT_EQ(GetErrorReason(PlanCancel(purchase.header, command).status()), "PURCHASE_STATE");
}

}  // namespace
}  // namespace clientele::profile
