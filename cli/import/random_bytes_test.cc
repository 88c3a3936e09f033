// Every reader against seeded nonsense: it must come back, and account for every row.

#include <cstdio>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/test_files.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

constexpr PurchaseFormat kFormats[] = {PurchaseFormat::kOnlineRetail, PurchaseFormat::kCdnow,
                                       PurchaseFormat::kRfmOrders, PurchaseFormat::kCsv};

absl::string_view Header(PurchaseFormat format) {
  switch (format) {
    case PurchaseFormat::kOnlineRetail:
      return "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    case PurchaseFormat::kRfmOrders:
      return "customer_id,order_date,revenue\n";
    case PurchaseFormat::kCsv:
      return "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n";
    case PurchaseFormat::kCdnow:
      return "";
  }
  return "";
}

// Reads `content`, after the header of the format, in every format.
void ReadInEveryFormat(absl::string_view content) {
  for (const PurchaseFormat format : kFormats) {
    const absl::StatusOr<PurchaseFile> file =
        ReadPurchaseFile(TestFile(absl::StrCat(Header(format), content)).path(), format, {});
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->rows_read, file->line_count + static_cast<int64_t>(file->refunds.size()) +
                                   file->rejected.total());
  }
}

TEST(RandomBytes, AreReadInEveryFormat) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string content(random() % 4'000, '\0');
    for (char& c : content) c = static_cast<char>(random());
    ReadInEveryFormat(content);
  }
}

// Pieces of good rows, quotes and separators, in any order: gets much further than plain bytes.
TEST(RandomPieces, AreReadInEveryFormat) {
  constexpr absl::string_view kPieces[] = {
      ",",    ",",        ",",          "\n",      "\n",   "\"",
      "\"\"", "\r\n",     " ",          "1",       "-1",   "0",
      "2.55", "C1",       "2010-12-01", "A",       "USD",  "\xC3\xA9",
      "\xFF", "19970101", "1e400",      "17850.0", "....", "99999999999999999999999999"};
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    std::string content;
    for (size_t i = random() % 800; i > 0; --i) {
      absl::StrAppend(&content, kPieces[random() % std::size(kPieces)]);
    }
    ReadInEveryFormat(content);
  }
}

TEST(DamagedRows, CostOnlyThemselves) {
  constexpr absl::string_view kRow = "1,A,\"x, y\",6,2010-12-01 08:26:00,2.55,17850.0,UK\n";
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string content(Header(PurchaseFormat::kOnlineRetail));
    for (int i = 0; i < 50; ++i) absl::StrAppend(&content, kRow);
    std::string damaged(kRow);
    damaged[random() % (damaged.size() - 1)] = "\",x\xFF"[random() % 4];
    content += damaged;
    for (int i = 0; i < 150; ++i) absl::StrAppend(&content, kRow);
    const absl::StatusOr<PurchaseFile> file =
        ReadPurchaseFile(TestFile(content).path(), PurchaseFormat::kOnlineRetail, {});
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_GE(file->line_count, 200) << damaged;
  }
}

TEST(DamagedGzip, IsAnErrorOrIsRead) {
  std::string content(Header(PurchaseFormat::kCsv));
  for (int i = 0; i < 500; ++i) absl::StrAppend(&content, i, ",c,2024-05-01,USD,S,,1,1\n");
  const TestFile whole = TestFile::Gzip(content);
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    std::string packed;
    {
      std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(whole.path().c_str(), "rb"), fclose);
      ASSERT_NE(file, nullptr);
      packed.resize(1 << 20);
      packed.resize(fread(packed.data(), 1, packed.size(), file.get()));
    }
    ASSERT_GT(packed.size(), 100u);
    packed[random() % packed.size()] ^= static_cast<char>(1 + random() % 255);
    packed.resize(packed.size() - random() % 50);
    const absl::StatusOr<PurchaseFile> file =
        ReadPurchaseFile(TestFile(packed).path(), PurchaseFormat::kCsv, {});
    EXPECT_TRUE(!file.ok() || file->rows_read <= 501);
  }
}

}  // namespace
}  // namespace clientele::cli
