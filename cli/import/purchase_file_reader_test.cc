#include "cli/import/purchase_file_reader.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/limits.h"
#include "cli/import/test_files.h"
#include "common/money/money.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::string_view kRetailHeader =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
constexpr absl::string_view kCsvHeader =
    "order_number,customer,occur_time,currency,sku,category,quantity,unit_price,channel,store,"
    "region\n";

PurchaseFile Read(PurchaseFormat format, absl::string_view content,
                  const PurchaseFileOptions& options = {}) {
  absl::StatusOr<PurchaseFile> file = ReadPurchaseFile(TestFile(content).path(), format, options);
  EXPECT_TRUE(file.ok()) << file.status();
  if (!file.ok()) return PurchaseFile();
  EXPECT_EQ(file->rows_read,
            file->line_count + static_cast<int64_t>(file->refunds.size()) + file->rejected.total());
  return *std::move(file);
}

absl::Status ReadError(PurchaseFormat format, absl::string_view content,
                       const PurchaseFileOptions& options = {}) {
  return ReadPurchaseFile(TestFile(content).path(), format, options).status();
}

// "<line> REASON" of every listed row.
std::vector<std::string> Rejections(const PurchaseFile& file) {
  std::vector<std::string> rows;
  for (const RejectedRow& row : file.rejected.listed()) {
    rows.push_back(absl::StrCat(row.line_number, " ", ToString(row.rejection.reason)));
  }
  return rows;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

TEST(OnlineRetail, GroupsInterleavedInvoicesAndTakesTheEarliestTime) {
  const PurchaseFile file = Read(PurchaseFormat::kOnlineRetail,
                                 absl::StrCat(kRetailHeader,
                                              "1,A,\"x, y\",6,2010-12-01 08:27:00,2.55,17850.0,UK\n"
                                              "2,A,,1,2010-12-01 08:28:00,2.55,13047.0,France\n"
                                              "1,A,,6,2010-12-01 08:26:00,2.55,17850.0,UK\n"
                                              "1,B,,2,2010-12-01 08:27:00,0.001,17850.0,UK\n"));
  ASSERT_THAT(file.orders, SizeIs(2));
  const ImportedOrder& order = file.orders[0];
  EXPECT_EQ(order.order_number, "1");
  EXPECT_EQ(TimeText(order.occur_time), "2010-12-01 08:26:00");
  EXPECT_EQ(order.currency_code, "GBP");
  EXPECT_EQ(order.region, "UK");
  EXPECT_EQ(order.channel, "");
  ASSERT_THAT(order.lines, SizeIs(3));
  EXPECT_EQ(order.lines[0].line_number, 2);
  EXPECT_EQ(order.lines[1].line_number, 4);
  EXPECT_EQ(order.lines[2].line_number, 5);
  EXPECT_EQ(order.lines[2].sku, "B");
  EXPECT_EQ(order.lines[2].quantity, 2);
  EXPECT_EQ(order.lines[2].unit_price_micros, 1'000);
  EXPECT_EQ(file.orders[1].order_number, "2");
  EXPECT_EQ(file.source, "online-retail");
  ASSERT_THAT(file.customers, SizeIs(2));
  EXPECT_EQ(file.customers[order.customer_index].customer_id, "online-retail-17850-0");
  EXPECT_THAT(file.customers[order.customer_index].aliases, ElementsAre("17850.0", "17850"));
}

TEST(OnlineRetail, GivesEachRowTheFirstReasonThatFits) {
  const PurchaseFile file =
      Read(PurchaseFormat::kOnlineRetail, absl::StrCat(kRetailHeader,
                                                       "1,A,,x,never,0.0,,UK\n"
                                                       "1,A,,x,never,0.0,1.0,UK\n"
                                                       "1,A,,-1,2010-12-01 08:26:00,-2.5,1.0,UK\n"
                                                       "C1,A,,-1,2010-12-01 08:26:00,2.5,1.0,UK\n"
                                                       "1,A,,x,never,2.5,1.0,UK\n"
                                                       "1,A,,1,never,2.5,1.0,UK\n"
                                                       "1,A,,1,2010-12-01 08:26:00,2.5.1,1.0,UK\n"
                                                       "1,A,,0,2010-12-01 08:26:00,2.5,1.0,UK\n"
                                                       "C1,A,,1,2010-12-01 08:26:00,2.5,1.0,UK\n"
                                                       ",A,,1,2010-12-01 08:26:00,2.5,1.0,UK\n"
                                                       "1,,,1,2010-12-01 08:26:00,2.5,1.0,UK\n"
                                                       "1,A,,1,2010-12-01 08:26:00,2.5,?,UK\n"));
  EXPECT_THAT(Rejections(file),
              ElementsAre("2 MISSING_CUSTOMER", "3 NON_POSITIVE_PRICE", "4 NON_POSITIVE_PRICE",
                          "5 UNMATCHED_REFUND", "6 INVALID_QUANTITY", "7 INVALID_TIME",
                          "8 INVALID_PRICE", "9 NON_POSITIVE_QUANTITY", "10 INVALID_QUANTITY",
                          "11 MISSING_ORDER_NUMBER", "12 MISSING_SKU", "13 INVALID_CUSTOMER_ID"));
  EXPECT_THAT(file.orders, IsEmpty());
  EXPECT_THAT(file.customers, IsEmpty());
}

TEST(OnlineRetail, MatchesACancellationWithTheLastSaleThatHasEnoughLeft) {
  const PurchaseFile file = Read(PurchaseFormat::kOnlineRetail,
                                 absl::StrCat(kRetailHeader,
                                              "1,A,,6,2010-12-01 08:26:00,2.55,1.0,UK\n"
                                              "2,A,,2,2010-12-02 08:26:00,2.55,1.0,UK\n"
                                              "C3,A,,-2,2010-12-03 08:26:00,2.55,1.0,UK\n"
                                              "C3,A,,-2,2010-12-03 08:26:00,2.55,1.0,UK\n"
                                              "C4,A,,-5,2010-12-04 08:26:00,2.55,1.0,UK\n"
                                              "C4,A,,-1,2010-12-04 08:26:00,2.55,2.0,UK\n"));
  ASSERT_THAT(file.refunds, SizeIs(2));
  const ImportedRefund& first = file.refunds[0];
  EXPECT_EQ(first.refund_number, "C3-4");
  EXPECT_EQ(file.orders[first.order_index].order_number, "2");
  EXPECT_EQ(first.order_line_number, 3);
  EXPECT_EQ(first.quantity, 2);
  EXPECT_EQ(first.unit_price_micros, 2'550'000);
  EXPECT_EQ(TimeText(first.occur_time), "2010-12-03 08:26:00");
  EXPECT_EQ(first.line_number, 4);
  EXPECT_EQ(file.refunds[1].refund_number, "C3-5");
  EXPECT_EQ(file.orders[file.refunds[1].order_index].order_number, "1");
  EXPECT_EQ(file.refunds[1].order_line_number, 2);
  EXPECT_THAT(Rejections(file), ElementsAre("6 UNMATCHED_REFUND", "7 UNMATCHED_REFUND"));
  EXPECT_THAT(file.customers, SizeIs(1));
}

TEST(Cdnow, MakesEachRowAnOrderWhoseLineRoundsToTheDollars) {
  const PurchaseFile file = Read(PurchaseFormat::kCdnow,
                                 " 00004 0001 19970101  3   29.33\r\n"
                                 " 00004 0001 19970101  1    0.00\r\n"
                                 "\r\n"
                                 " 00018 0002 19970104  2   29.73");
  ASSERT_THAT(file.orders, SizeIs(3));
  EXPECT_EQ(file.orders[0].order_number, "cdnow-00004-1997-01-01-1");
  EXPECT_EQ(file.orders[1].order_number, "cdnow-00004-1997-01-01-2");
  EXPECT_EQ(file.orders[2].order_number, "cdnow-00018-1997-01-04-1");
  EXPECT_EQ(file.orders[0].currency_code, "USD");
  const ImportedLine& line = file.orders[0].lines[0];
  EXPECT_EQ(line.sku, "cd");
  EXPECT_EQ(line.quantity, 3);
  EXPECT_EQ(line.unit_price_micros, 9'776'667);
  EXPECT_EQ(file.orders[1].lines[0].unit_price_micros, 0);
  EXPECT_EQ(file.orders[2].lines[0].line_number, 4);
  EXPECT_EQ(file.customers[0].customer_id, "cdnow-00004");
}

TEST(Cdnow, RejectsBrokenRowsAndKeepsTheNumbersOfTheOthers) {
  const PurchaseFile file = Read(PurchaseFormat::kCdnow,
                                 "00004 0001 19970101  x   29.33\n"
                                 "00004 0001 19970101  1   29.33\n"
                                 "00004 0001 19970101  0   29.33\n"
                                 "00004 0001 19970101  10000 29.33\n"
                                 "00004 0001 19970101  1   29.335\n"
                                 "00004 0001 19970101  1   -1\n"
                                 "00004 0001 19970132  1   29.33\n"
                                 "00004 0001 19970101  1\n"
                                 "00004 0001 19970101  1   29.33 x\n"
                                 "\xFF 0001 19970101  1   29.33\n"
                                 "- 0001 19970101  1   29.33\n");
  EXPECT_THAT(Rejections(file),
              ElementsAre("1 INVALID_QUANTITY", "3 NON_POSITIVE_QUANTITY", "4 INVALID_QUANTITY",
                          "5 INVALID_PRICE", "6 INVALID_PRICE", "7 INVALID_TIME", "8 MALFORMED_ROW",
                          "9 MALFORMED_ROW", "10 INVALID_UTF8", "11 INVALID_CUSTOMER_ID"));
  ASSERT_THAT(file.orders, SizeIs(1));
  EXPECT_EQ(file.orders[0].order_number, "cdnow-00004-1997-01-01-2");
}

TEST(RfmOrders, ReadsThreeColumnsAndNothingOfTheNames) {
  const PurchaseFile file =
      Read(PurchaseFormat::kRfmOrders,
           "\"customer_id\",\"order_date\",\"revenue\",\"first_name\",\"last_name\",\"email\"\n"
           "\"Abbey O'Reilly\",2004-12-20,32,\"Abbey\",\"O'Reilly\",\"a@example.com\"\n"
           "\"Abbey O'Reilly\",2004-12-20,32.5,\"Abbey\",\"O'Reilly\",\"a@example.com\"\n"
           "\"abbey o reilly\",2004-12-20,32,,,\n"
           "\"\",2004-12-20,32,,,\n"
           "\"Al\",20-12-2004,32,,,\n"
           "\"Al\",2004-12-20,-1,,,\n");
  ASSERT_THAT(file.orders, SizeIs(2));
  EXPECT_EQ(file.orders[1].order_number, "rfm-orders-abbey-o-reilly-2004-12-20-2");
  EXPECT_EQ(file.orders[1].lines[0].unit_price_micros, 32'500'000);
  EXPECT_EQ(file.orders[1].lines[0].quantity, 1);
  EXPECT_EQ(file.orders[1].lines[0].sku, "order");
  EXPECT_THAT(Rejections(file), ElementsAre("4 CUSTOMER_ID_COLLISION", "5 MISSING_CUSTOMER",
                                            "6 INVALID_TIME", "7 INVALID_PRICE"));
}

TEST(Csv, ReadsEveryColumn) {
  const PurchaseFile file =
      Read(PurchaseFormat::kCsv,
           absl::StrCat(kCsvHeader,
                        "A-1,c-17,2024-05-01T10:30:00+02:00,EUR,MUG-01,kitchen,2,7.95,web,,Berlin\n"
                        "A-1,c-17,2024-05-01,EUR,MUG-02,,1,0,shop,Mitte,Hamburg\n"
                        "A-2,c-18,2024-05-01 10:00:00,,MUG-02,,1,1,,,\n"),
           {.source = "My Shop", .currency_code = "CHF"});
  EXPECT_EQ(file.source, "my-shop");
  ASSERT_THAT(file.orders, SizeIs(2));
  const ImportedOrder& order = file.orders[0];
  EXPECT_EQ(TimeText(order.occur_time), "2024-05-01 00:00:00");
  EXPECT_EQ(order.currency_code, "EUR");
  EXPECT_EQ(order.channel, "web");
  EXPECT_EQ(order.store, "");
  EXPECT_EQ(order.region, "Berlin");
  EXPECT_EQ(order.lines[0].category, "kitchen");
  EXPECT_EQ(order.lines[0].unit_price_micros, 7'950'000);
  EXPECT_EQ(file.orders[1].currency_code, "CHF");
  EXPECT_EQ(file.customers[0].customer_id, "my-shop-c-17");
}

TEST(Csv, TakesColumnsInAnyOrderAndDoesWithoutTheLastFive) {
  const PurchaseFile file = Read(PurchaseFormat::kCsv,
                                 "sku,category,currency,customer,order_number,occur_time\n"
                                 "S,,USD,c,1,2024-05-01\n");
  ASSERT_THAT(file.orders, SizeIs(1));
  EXPECT_EQ(file.orders[0].order_number, "1");
  EXPECT_EQ(file.orders[0].lines[0].quantity, 1);
  EXPECT_EQ(file.orders[0].lines[0].unit_price_micros, 0);
}

TEST(Csv, RefusesAHeaderThatIsNotTheFormats) {
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, "").message(), HasSubstr("header line"));
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, "a\"b\n").message(), HasSubstr("header line"));
  EXPECT_THAT(
      ReadError(PurchaseFormat::kCsv, "order_number,colour\n").message(),
      AllOf(HasSubstr("column 2"), HasSubstr("it takes order_number, customer, occur_time, "),
            ::testing::Not(HasSubstr("colour"))));
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, "order_number,customer,customer\n").message(),
              HasSubstr("'customer' twice"));
  EXPECT_EQ(ReadError(PurchaseFormat::kCsv, "order_number,customer\n").message(),
            "the header has no column 'occur_time'");
  EXPECT_EQ(ReadError(PurchaseFormat::kOnlineRetail, kCsvHeader).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Csv, RejectsEachKindOfBadRowWithItsReason) {
  const std::string long_text(kTextCharactersMax + 1, 'x');
  const PurchaseFile file =
      Read(PurchaseFormat::kCsv, absl::StrCat(kCsvHeader,
                                              "1,c,2024-05-01,USD,S,,1,1,,,\n"
                                              "1,d,2024-05-01,USD,S,,1,1,,,\n"
                                              "1,c,2024-05-01,EUR,S,,1,1,,,\n"
                                              "2,,2024-05-01,USD,S,,1,1,,,\n"
                                              "2,c,yesterday,USD,S,,1,1,,,\n"
                                              "2,c,2024-05-01,usd,S,,1,1,,,\n"
                                              "2,c,2024-05-01,USD,S,,-1,1,,,\n",
                                              "2,c,2024-05-01,USD,S,,,1,,,\n"
                                              "2,c,2024-05-01,USD,S,,1000000001,1,,,\n"
                                              "2,c,2024-05-01,USD,S,,1,,,,\n"
                                              "2,c,2024-05-01,USD,S,,1,1000000000.01,,,\n"
                                              "2,c,2024-05-01,USD,S,,1000000000,1000.01,,,\n"
                                              "2,c,2024-05-01,USD,,,1,1,,,\n"
                                              ",c,2024-05-01,USD,S,,1,1,,,\n"
                                              "2,C,2024-05-01,USD,S,,1,1,,,\n"
                                              "2,c,2024-05-01,USD,S,",
                                              long_text,
                                              ",1,1,,,\n"
                                              "2,c,2024-05-01,USD,S,\"a\nb\",1,1,,,\n"
                                              "2,c,2024-05-01\n"
                                              "2,c,2024-05-01,USD,\xFF,,1,1,,,\n"
                                              "2,c,2024-05-01,USD,S,,1,1,,,\n"));
  EXPECT_THAT(
      Rejections(file),
      ElementsAre("3 ORDER_CUSTOMER_MISMATCH", "4 ORDER_CURRENCY_MISMATCH", "5 MISSING_CUSTOMER",
                  "6 INVALID_TIME", "7 INVALID_CURRENCY", "8 NON_POSITIVE_QUANTITY",
                  "9 INVALID_QUANTITY", "10 INVALID_QUANTITY", "11 INVALID_PRICE",
                  "12 INVALID_PRICE", "13 AMOUNT_TOO_LARGE", "14 MISSING_SKU",
                  "15 MISSING_ORDER_NUMBER", "16 CUSTOMER_ID_COLLISION", "17 INVALID_TEXT",
                  "18 INVALID_TEXT", "20 MALFORMED_ROW", "21 INVALID_UTF8"));
  EXPECT_THAT(file.orders, SizeIs(2));
  EXPECT_THAT(file.customers, SizeIs(1));
}

TEST(Csv, RejectsLinesBeyondTheSizeOfAnOrder) {
  std::string content(kCsvHeader);
  for (size_t i = 0; i <= kOrderLinesMax; ++i) content += "1,c,2024-05-01,USD,S,,1,1,,,\n";
  const PurchaseFile file = Read(PurchaseFormat::kCsv, content);
  EXPECT_THAT(file.orders[0].lines, SizeIs(kOrderLinesMax));
  EXPECT_THAT(Rejections(file), ElementsAre("2002 ORDER_TOO_LARGE"));
}

// What the server would refuse by the path of a field is refused here by its line.
TEST(Csv, RejectsWhatTheServerWouldRefuse) {
  const PurchaseFile file =
      Read(PurchaseFormat::kCsv, absl::StrCat(kCsvHeader,
                                              "1,c,2024-05-01,ZZZ,S,,1,1,,,\n"
                                              "1,c,2024-05-01,XAU,S,,1,1,,,\n"
                                              "1,c,2024-05-01,USD,\xC2\xA0,,1,1,,,\n"
                                              " ,c,2024-05-01,USD,S,,1,1,,,\n"
                                              "1,c,2024-05-01,USD,S,,1,1,a\xC2\x85z,,\n"
                                              "1,c\xC2\x81,2024-05-01,USD,S,,1,1,,,\n"));
  EXPECT_THAT(Rejections(file),
              ElementsAre("2 INVALID_CURRENCY", "3 INVALID_CURRENCY", "4 MISSING_SKU",
                          "5 MISSING_ORDER_NUMBER", "6 INVALID_TEXT", "7 INVALID_TEXT"));
}

// Else the server would take two orders for one with other content.
TEST(Csv, GroupsLinesByTheOrderNumberAsTheServerKeepsIt) {
  const PurchaseFile file =
      Read(PurchaseFormat::kCsv, absl::StrCat(kCsvHeader,
                                              "A 1,c,2024-05-01,USD,S,,1,1,,,\n"
                                              " A 1\xE3\x80\x80,c,2024-05-01,"
                                              "USD, T ,,1,1,,,\n"));
  ASSERT_THAT(file.orders, SizeIs(1));
  ASSERT_THAT(file.orders[0].lines, SizeIs(2));
  EXPECT_EQ(file.orders[0].lines[1].sku, "T");
}

TEST(Csv, RejectsTheLineThatBringsAnOrderBeyondWhatMoneyCanBe) {
  std::string content(kCsvHeader);
  // 1e16 minor units each, in a currency with four decimal places.
  for (int i = 0; i <= 400; ++i) content += "1,c,2024-05-01,CLF,S,,1000000000,1000,,,\n";
  const PurchaseFile file = Read(PurchaseFormat::kCsv, content);
  EXPECT_THAT(file.orders[0].lines, SizeIs(400));
  EXPECT_EQ(file.orders[0].gross_minor, kAmountMinorMax);
  EXPECT_THAT(Rejections(file), ElementsAre("402 AMOUNT_TOO_LARGE"));
}

TEST(Csv, SaysItsColumnsInTheHelp) {
  EXPECT_THAT(CsvFormatHelp(), HasSubstr(std::string(kCsvHeader)));
}

TEST(PurchaseFileReader, CountsEveryRejectedRowAndListsTheFirstOfEachReason) {
  std::string content(kRetailHeader);
  for (int i = 0; i < 50; ++i) content += "1,A,,1,2010-12-01 08:26:00,2.5,,UK\n";
  for (int i = 0; i < 30; ++i) content += "C1,A,,-1,2010-12-01 08:26:00,2.5,1.0,UK\n";
  const PurchaseFile file = Read(PurchaseFormat::kOnlineRetail, content);
  EXPECT_EQ(file.rejected.count(RejectReason::kMissingCustomer), 50);
  EXPECT_EQ(file.rejected.count(RejectReason::kUnmatchedRefund), 30);
  EXPECT_THAT(file.rejected.listed(), SizeIs(40));
}

TEST(PurchaseFileReader, KeepsTheFileOutOfWhatItSays) {
  const PurchaseFile file = Read(PurchaseFormat::kRfmOrders,
                                 "customer_id,order_date,revenue\nZaphod Beeblebrox,yesterday,1\n");
  ASSERT_THAT(file.rejected.listed(), SizeIs(1));
  EXPECT_EQ(file.rejected.listed()[0].rejection.detail, "order_date is not a date like 2004-12-20");
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, "Zaphod\n").message(),
              ::testing::Not(HasSubstr("Zaphod")));
}

TEST(PurchaseFileReader, RefusesBadOptions) {
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, kCsvHeader, {.source = "!!"}).message(),
              HasSubstr("source"));
  EXPECT_THAT(
      ReadError(PurchaseFormat::kCsv, kCsvHeader, {.source = std::string(64, 'x')}).message(),
      HasSubstr("source"));
  EXPECT_THAT(ReadError(PurchaseFormat::kCsv, kCsvHeader, {.currency_code = "euro"}).message(),
              AllOf(HasSubstr("currency"), HasSubstr("GBP")));
}

TEST(PurchaseFileReader, ReportsProgress) {
  std::string content;
  for (int i = 0; i < 20'000; ++i) content += "1 1 19970101 1 1.00\n";
  std::vector<int64_t> reports;
  Read(PurchaseFormat::kCdnow, content,
       {.on_progress = [&](int64_t rows_read) { reports.push_back(rows_read); }});
  EXPECT_THAT(reports, ElementsAre(kProgressRows, 2 * kProgressRows));
}

TEST(PurchaseFormat, HasANameThatIsReadBack) {
  for (const PurchaseFormat format : {PurchaseFormat::kOnlineRetail, PurchaseFormat::kCdnow,
                                      PurchaseFormat::kRfmOrders, PurchaseFormat::kCsv}) {
    EXPECT_EQ(ParsePurchaseFormat(ToString(format)), format);
  }
  EXPECT_EQ(ParsePurchaseFormat("xml"), std::nullopt);
}

TEST(RejectReason, HasADistinctNameEach) {
  std::set<absl::string_view> names;
  for (size_t i = 0; i < kRejectReasonCount; ++i) {
    names.insert(ToString(static_cast<RejectReason>(i)));
  }
  EXPECT_THAT(names, SizeIs(kRejectReasonCount));
  EXPECT_FALSE(names.contains("UNKNOWN"));
}

}  // namespace
}  // namespace clientele::cli
