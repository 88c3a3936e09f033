// The counts everybody must get from the public data sets; skipped where these are absent.

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr absl::string_view kOnlineRetail = "online-retail/online_retail.csv.gz";
constexpr absl::string_view kCdnow = "cdnow/CDNOW_sample.txt";
constexpr absl::string_view kRfmOrders = "rfm-orders/rfm_data_orders.csv";

std::string SkipMessage(absl::string_view relative_path) {
  return absl::StrCat(relative_path,
                      " is in neither $CLIENTELE_TEST_DATA nor ../shared/data beside the checkout");
}

// quantity x price in cents, rounded half away from zero (both are positive).
int64_t AmountCents(int64_t quantity, int64_t unit_price_micros) {
  return (quantity * unit_price_micros + 5'000) / 10'000;
}

int64_t GrossCents(const PurchaseFile& file) {
  int64_t cents = 0;
  for (const ImportedOrder& order : file.orders) {
    for (const ImportedLine& line : order.lines) {
      cents += AmountCents(line.quantity, line.unit_price_micros);
    }
  }
  return cents;
}

int64_t RefundedCents(const PurchaseFile& file) {
  int64_t cents = 0;
  for (const ImportedRefund& refund : file.refunds) {
    cents += AmountCents(refund.quantity, refund.unit_price_micros);
  }
  return cents;
}

int64_t FullyRefundedOrderCount(const PurchaseFile& file) {
  absl::flat_hash_map<int32_t, int64_t> units_by_order;
  for (const ImportedRefund& refund : file.refunds) {
    units_by_order[refund.order_index] += refund.quantity;
  }
  return std::count_if(units_by_order.begin(), units_by_order.end(), [&](const auto& refunded) {
    int64_t units = 0;
    for (const ImportedLine& line : file.orders[refunded.first].lines) units += line.quantity;
    return units == refunded.second;
  });
}

void ExpectOnlineRetail(const PurchaseFile& file) {
  EXPECT_EQ(file.rows_read, 541'909);
  EXPECT_EQ(file.line_count, 397'884);
  EXPECT_THAT(file.refunds, SizeIs(7'136));
  EXPECT_EQ(file.rejected.count(RejectReason::kMissingCustomer), 135'080);
  EXPECT_EQ(file.rejected.count(RejectReason::kNonPositivePrice), 40);
  EXPECT_EQ(file.rejected.count(RejectReason::kUnmatchedRefund), 1'769);
  EXPECT_EQ(file.rejected.total(), 135'080 + 40 + 1'769);
  EXPECT_THAT(file.customers, SizeIs(4'338));
  EXPECT_THAT(file.orders, SizeIs(18'532));
  EXPECT_EQ(FullyRefundedOrderCount(file), 135);
  EXPECT_EQ(GrossCents(file), 891'140'790);
  EXPECT_NEAR(RefundedCents(file), 45'808'462, 100);
}

TEST(RealData, OnlineRetailGivesTheCountsOfTheImportRules) {
  const std::optional<std::string> path = FindRealData(kOnlineRetail);
  if (!path.has_value()) GTEST_SKIP() << SkipMessage(kOnlineRetail);
  const absl::StatusOr<PurchaseFile> file =
      ReadPurchaseFile(*path, PurchaseFormat::kOnlineRetail, {});
  ASSERT_TRUE(file.ok()) << file.status();
  ExpectOnlineRetail(*file);
  const ImportedOrder& first = file->orders.front();
  EXPECT_EQ(first.order_number, "536365");
  EXPECT_THAT(first.lines, SizeIs(7));
  EXPECT_THAT(file->customers[first.customer_index].aliases, ElementsAre("17850.0", "17850"));
}

TEST(RealData, OnlineRetailIsTheSameUnpacked) {
  const std::optional<std::string> path = FindRealData(kOnlineRetail);
  if (!path.has_value()) GTEST_SKIP() << SkipMessage(kOnlineRetail);
  const TestFile unpacked(ReadWholeFile(*path));
  const absl::StatusOr<PurchaseFile> file =
      ReadPurchaseFile(unpacked.path(), PurchaseFormat::kOnlineRetail, {});
  ASSERT_TRUE(file.ok()) << file.status();
  ExpectOnlineRetail(*file);
}

TEST(RealData, CdnowGivesAnOrderPerRowAndTheDollarsToTheCent) {
  const std::optional<std::string> path = FindRealData(kCdnow);
  if (!path.has_value()) GTEST_SKIP() << SkipMessage(kCdnow);
  const TestFile packed = TestFile::Gzip(ReadWholeFile(*path));
  for (const std::string& input : {*path, packed.path()}) {
    const absl::StatusOr<PurchaseFile> file = ReadPurchaseFile(input, PurchaseFormat::kCdnow, {});
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->rows_read, 6'919);
    EXPECT_THAT(file->orders, SizeIs(6'919));
    EXPECT_THAT(file->customers, SizeIs(2'357));
    EXPECT_EQ(GrossCents(*file), 24'409'194);
  }
}

TEST(RealData, RfmOrdersGivesAnOrderPerRow) {
  const std::optional<std::string> path = FindRealData(kRfmOrders);
  if (!path.has_value()) GTEST_SKIP() << SkipMessage(kRfmOrders);
  const TestFile packed = TestFile::Gzip(ReadWholeFile(*path));
  for (const std::string& input : {*path, packed.path()}) {
    const absl::StatusOr<PurchaseFile> file =
        ReadPurchaseFile(input, PurchaseFormat::kRfmOrders, {});
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->rows_read, 4'906);
    EXPECT_THAT(file->orders, SizeIs(4'906));
    EXPECT_THAT(file->customers, SizeIs(995));
    EXPECT_EQ(GrossCents(*file), 46'415'800);
  }
}

// The csv format has no public file of its own: the same orders, rewritten, must come out alike.
TEST(RealData, CdnowRewrittenAsCsvGivesTheSameOrders) {
  const std::optional<std::string> path = FindRealData(kCdnow);
  if (!path.has_value()) GTEST_SKIP() << SkipMessage(kCdnow);
  const absl::StatusOr<PurchaseFile> cdnow = ReadPurchaseFile(*path, PurchaseFormat::kCdnow, {});
  ASSERT_TRUE(cdnow.ok()) << cdnow.status();
  std::string csv = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n";
  for (const ImportedOrder& order : cdnow->orders) {
    const ImportedLine& line = order.lines[0];
    absl::StrAppend(&csv, order.order_number, ",",
                    cdnow->customers[order.customer_index].customer_key, ",",
                    absl::FormatTime(order.occur_time, absl::UTCTimeZone()), ",,cd,,",
                    line.quantity, ",", line.unit_price_micros / 1'000'000, ".",
                    absl::Dec(line.unit_price_micros % 1'000'000, absl::kZeroPad6), "\n");
  }
  const TestFile plain(csv);
  const TestFile packed = TestFile::Gzip(csv);
  for (const std::string& input : {plain.path(), packed.path()}) {
    const absl::StatusOr<PurchaseFile> file =
        ReadPurchaseFile(input, PurchaseFormat::kCsv, {.source = "cdnow"});
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_EQ(file->orders.size(), cdnow->orders.size());
    EXPECT_EQ(file->rejected.total(), 0);
    EXPECT_EQ(GrossCents(*file), GrossCents(*cdnow));
    for (size_t i = 0; i < file->orders.size(); ++i) {
      ASSERT_EQ(file->orders[i].order_number, cdnow->orders[i].order_number);
      ASSERT_EQ(file->orders[i].occur_time, cdnow->orders[i].occur_time);
    }
    EXPECT_EQ(file->customers.back().customer_id, cdnow->customers.back().customer_id);
  }
}

}  // namespace
}  // namespace clientele::cli
