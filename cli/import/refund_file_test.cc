#include "cli/import/refund_file.h"

#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;

constexpr char kHeader[] =
    "order_number,refund_number,customer,occur_time,line_number,quantity,amount_minor,reason\n";

RefundFile Read(const std::string& rows) {
  const auto file = ReadRefundFile(TestFile(absl::StrCat(kHeader, rows)).path(), {});
  EXPECT_TRUE(file.ok()) << file.status();
  return *file;
}

// The only rejected row's reason; the row is line `line_number`.
RejectReason ReasonOf(const RefundFile& file, int64_t line_number) {
  EXPECT_EQ(file.rejected.total(), 1);
  if (file.rejected.total() == 0) return RejectReason::kUnmatchedRefund;
  EXPECT_EQ(file.rejected.listed()[0].line_number, line_number);
  return file.rejected.listed()[0].rejection.reason;
}

TEST(RefundFile, GathersTheRowsOfARefundWhereverTheyStand) {
  const RefundFile file = Read(
      "A-1,R-1,c-1,2024-05-09,2,1,,DAMAGED\n"
      "A-2,R-1,c-1,2024-05-10,7,3,,\n"
      "A-1,R-1,c-1,2024-05-08,3,2,,LATE\n");
  EXPECT_EQ(file.source, "csv");
  EXPECT_EQ(file.rows_read, 3);
  ASSERT_EQ(file.refunds.size(), 2u);
  const FiledRefund& refund = file.refunds[0];
  EXPECT_EQ(refund.customer_id, "csv-c-1");
  EXPECT_EQ(refund.order_number, "A-1");
  EXPECT_EQ(refund.refund_number, "R-1");
  EXPECT_EQ(refund.reason, "DAMAGED");
  EXPECT_EQ(refund.occur_time, absl::FromCivil(absl::CivilDay(2024, 5, 8), absl::UTCTimeZone()));
  ASSERT_EQ(refund.lines.size(), 2u);
  EXPECT_EQ(refund.lines[1].line_number, 3);
  EXPECT_EQ(refund.lines[1].quantity, 2);
  EXPECT_THAT(refund.file_numbers, ElementsAre(2, 4));
}

TEST(RefundFile, TakesAnAmountInsteadOfLines) {
  const RefundFile file = Read("A-1,R-1,c-1,2024-05-09,,,500,late\n");
  ASSERT_EQ(file.refunds.size(), 1u);
  EXPECT_EQ(file.refunds[0].amount_minor, 500);
  EXPECT_TRUE(file.refunds[0].lines.empty());
}

TEST(RefundFile, RejectsBrokenRows) {
  EXPECT_EQ(ReasonOf(Read(",R-1,c-1,2024-05-09,2,1,,\n"), 2), RejectReason::kMissingOrderNumber);
  EXPECT_EQ(ReasonOf(Read("A-1,,c-1,2024-05-09,2,1,,\n"), 2), RejectReason::kMissingRefundNumber);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,,2024-05-09,2,1,,\n"), 2), RejectReason::kMissingCustomer);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,,2,1,,\n"), 2), RejectReason::kInvalidTime);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,0,1,,\n"), 2), RejectReason::kInvalidLineNumber);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,,1,,\n"), 2), RejectReason::kInvalidLineNumber);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,2147483648,1,,\n"), 2),
            RejectReason::kInvalidLineNumber);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,2,x,,\n"), 2), RejectReason::kInvalidQuantity);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,2,-1,,\n"), 2),
            RejectReason::kNonPositiveQuantity);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,,,-5,\n"), 2), RejectReason::kInvalidPrice);
  EXPECT_EQ(ReasonOf(Read("A-1,R-1,c-1,2024-05-09,2,1,5,\n"), 2), RejectReason::kRefundMismatch);
}

TEST(RefundFile, RejectsRowsThatContradictAnEarlierOne) {
  const std::string first = "A-1,R-1,c-1,2024-05-09,2,1,,\n";
  for (const char* second : {"A-1,R-1,c-2,2024-05-09,3,1,,\n", "A-1,R-1,c-1,2024-05-09,2,1,,\n",
                             "A-1,R-1,c-1,2024-05-09,,,5,\n"}) {
    const RefundFile file = Read(first + second);
    EXPECT_EQ(ReasonOf(file, 3), RejectReason::kRefundMismatch) << second;
    EXPECT_EQ(file.refunds.size(), 1u);
    EXPECT_EQ(file.refunds[0].lines.size(), 1u);
  }
}

}  // namespace
}  // namespace clientele::cli
