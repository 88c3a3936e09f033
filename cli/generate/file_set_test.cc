#include "cli/generate/file_set.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/complaint_file.h"
#include "cli/import/customer_file.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/refund_file.h"
#include "cli/import/test_files.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::StartsWith;

const char* const kNames[] = {"customers.csv", "purchases.csv", "refunds.csv", "complaints.csv"};

// 64-bit FNV-1a: short enough to stand here, good enough to see a changed byte.
uint64_t Hash(absl::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  }
  return hash;
}

class FileSetTest : public testing::Test {
 protected:
  FileSetTest() : dir_(testing::TempDir() + "clientele-generate-XXXXXX") {
    CLIENTELE_CHECK(mkdtemp(dir_.data()) != nullptr);
  }
  ~FileSetTest() override { std::filesystem::remove_all(dir_); }

  absl::StatusOr<GeneratedCounts> Generate(int64_t customers, uint64_t seed,
                                           const std::string& folder) {
    GenerateOptions options;
    options.customers = customers;
    options.seed = seed;
    options.dir = absl::StrCat(dir_, "/", folder);
    options.until = absl::CivilDay(2025, 12, 31);
    return GenerateFiles(options);
  }

  std::string Read(const std::string& folder, const std::string& name) {
    return ReadWholeFile(absl::StrCat(dir_, "/", folder, "/", name));
  }

  std::string dir_;
};

// Pins the bytes: whoever changes them on purpose changes these four numbers, and says so in the
// changelog, since everybody's generated data changes.
TEST_F(FileSetTest, TheSameArgumentsMakeTheSameBytesOnEveryMachine) {
  ASSERT_TRUE(Generate(100, 42, "a").ok());
  EXPECT_EQ(Hash(Read("a", "customers.csv")), 5560495607620794338u);
  EXPECT_EQ(Hash(Read("a", "purchases.csv")), 4205796038628685020u);
  EXPECT_EQ(Hash(Read("a", "refunds.csv")), 14484234066530596872u);
  EXPECT_EQ(Hash(Read("a", "complaints.csv")), 5528039767603167806u);
}

TEST_F(FileSetTest, AnotherSeedMakesOtherFiles) {
  ASSERT_TRUE(Generate(100, 42, "a").ok());
  ASSERT_TRUE(Generate(100, 43, "b").ok());
  for (const char* name : kNames) {
    EXPECT_NE(Read("a", name), Read("b", name)) << name;
  }
}

TEST_F(FileSetTest, ALargerPopulationBeginsWithASmallerOne) {
  ASSERT_TRUE(Generate(50, 1, "a").ok());
  ASSERT_TRUE(Generate(100, 1, "b").ok());
  for (const char* name : kNames) {
    EXPECT_THAT(Read("b", name), StartsWith(Read("a", name))) << name;
  }
}

TEST_F(FileSetTest, PurchasesAreWhatTheImportTakes) {
  const auto counts = Generate(500, 1, "a");
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_THAT(Read("a", "purchases.csv"), StartsWith(absl::StrCat(kPurchasesHeader, "\n")));
  const auto file = ReadPurchaseFile(absl::StrCat(dir_, "/a/purchases.csv"), PurchaseFormat::kCsv,
                                     PurchaseFileOptions());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->rejected.total(), 0);
  EXPECT_EQ(static_cast<int64_t>(file->orders.size()), counts->orders);
  EXPECT_EQ(file->line_count, counts->lines);
  EXPECT_EQ(file->customers.size(), 500u);
  EXPECT_EQ(file->customers.front().customer_id, "csv-c0000001");
}

TEST_F(FileSetTest, TheOtherFilesAreWhatTheirImportsTake) {
  const auto counts = Generate(500, 1, "a");
  ASSERT_TRUE(counts.ok()) << counts.status();
  auto customers = CustomerFile::Open(dir_ + "/a/customers.csv", {});
  ASSERT_TRUE(customers.ok()) << customers.status();
  std::vector<CustomerRow> rows;
  ASSERT_TRUE(customers->Read(1'000, rows).ok());
  EXPECT_EQ(rows.size(), 500u);
  EXPECT_EQ(customers->tally().rejected().total(), 0);

  auto complaints = ComplaintFile::Open(dir_ + "/a/complaints.csv", {});
  ASSERT_TRUE(complaints.ok()) << complaints.status();
  int64_t complaint_count = 0;
  for (auto row = complaints->Next(); row.ok() && row->has_value(); row = complaints->Next()) {
    ++complaint_count;
  }
  EXPECT_EQ(complaint_count, counts->complaints);
  EXPECT_EQ(complaints->tally().rejected().total(), 0);
}

TEST_F(FileSetTest, RefundsNameLinesOfThePurchases) {
  const auto counts = Generate(500, 1, "a");
  ASSERT_TRUE(counts.ok()) << counts.status();
  const auto refunds = ReadRefundFile(dir_ + "/a/refunds.csv", {});
  ASSERT_TRUE(refunds.ok()) << refunds.status();
  EXPECT_EQ(refunds->rejected.total(), 0);
  EXPECT_EQ(static_cast<int64_t>(refunds->refunds.size()), counts->refunds);
  const auto purchases = ReadPurchaseFile(dir_ + "/a/purchases.csv", PurchaseFormat::kCsv, {});
  ASSERT_TRUE(purchases.ok()) << purchases.status();
  std::map<std::pair<std::string, int64_t>, int64_t> sold;  // order and line to quantity
  for (const ImportedOrder& order : purchases->orders) {
    for (const ImportedLine& line : order.lines) {
      sold[{std::string(order.order_number), line.line_number}] = line.quantity;
    }
  }
  for (const FiledRefund& refund : refunds->refunds) {
    for (const FiledRefund::Line& line : refund.lines) {
      EXPECT_LE(line.quantity, (sold[{refund.order_number, line.line_number}]))
          << refund.refund_number;
    }
  }
}

TEST_F(FileSetTest, RefusesWhenAFileIsThereAndLeavesNothingElse) {
  std::filesystem::create_directory(dir_ + "/a");
  std::ofstream(dir_ + "/a/refunds.csv") << "mine";
  EXPECT_EQ(Generate(5, 1, "a").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read("a", "refunds.csv"), "mine");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir_ + "/a")) {
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST_F(FileSetTest, SaysWhenTheFolderCannotBeMade) {
  const absl::Status status = Generate(5, 1, "no/such").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), StartsWith("cannot make the folder '"));
}

}  // namespace
}  // namespace clientele::cli
