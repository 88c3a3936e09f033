#include "cli/import/customer_file.h"

#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// All customers of a file, and its tally.
struct ReadFile {
  std::vector<CustomerRow> rows;
  RowTally tally{nullptr};
};

ReadFile Read(const TestFile& file, const std::string& source = "") {
  CsvFileOptions options;
  options.source = source;
  auto customers = CustomerFile::Open(file.path(), options);
  EXPECT_TRUE(customers.ok()) << customers.status();
  ReadFile read;
  size_t before = 1;
  while (read.rows.size() != before) {
    before = read.rows.size();
    EXPECT_TRUE(customers->Read(2, read.rows).ok());
  }
  read.tally = customers->tally();
  return read;
}

TEST(CustomerFile, KeepsTheSpellingAsTheServerWill) {
  const ReadFile read = Read(TestFile("customer\n\" Cafe\xCC\x81 \"\n"));
  ASSERT_EQ(read.rows.size(), 1u);
  EXPECT_EQ(read.rows[0].customer_key, "Caf\xC3\xA9");
}

TEST(CustomerFile, ReadsWhatIsKnownOfACustomer) {
  const ReadFile read =
      Read(TestFile::Gzip(
               "customer,kind,display_name,given_name,family_name,birth_date,gender,"
               "language_code,region_code,locality,employer,job_title,email,phone,occur_time\n"
               "C 17,person,\"Lane, Ada\",Ada,Lane,1990-02-28,,en,GB,Leeds,,,a@example.com,"
               "07700 900123,2024-05-01\n"),
           "My Shop");
  ASSERT_EQ(read.rows.size(), 1u);
  const CustomerRow& row = read.rows[0];
  EXPECT_EQ(row.line_number, 2);
  EXPECT_EQ(row.customer_id, "my-shop-c-17");
  EXPECT_EQ(row.customer_key, "C 17");
  EXPECT_EQ(row.kind, "person");
  EXPECT_EQ(row.region_code, "GB");
  EXPECT_EQ(row.email, "a@example.com");
  EXPECT_EQ(row.phone, "07700 900123");
  EXPECT_EQ(row.occur_time, absl::FromCivil(absl::CivilDay(2024, 5, 1), absl::UTCTimeZone()));
  EXPECT_THAT(row.attributes,
              ElementsAre(Pair("region_code", "GB"), Pair("locality", "Leeds"),
                          Pair("display_name", "Lane, Ada"), Pair("given_name", "Ada"),
                          Pair("family_name", "Lane"), Pair("birth_date", "1990-02-28"),
                          Pair("language_code", "en")));
}

TEST(CustomerFile, NeedsTheCustomerColumnOnly) {
  const ReadFile read = Read(TestFile("customer\na-1\nb-2\nc-3\n"));
  ASSERT_EQ(read.rows.size(), 3u);
  EXPECT_EQ(read.rows[2].customer_id, "csv-c-3");
  EXPECT_THAT(read.rows[2].attributes, IsEmpty());
  EXPECT_FALSE(read.rows[2].occur_time.has_value());
  const auto other = CustomerFile::Open(TestFile("customer,shoe_size\n").path(), {});
  EXPECT_THAT(std::string(other.status().message()), HasSubstr("column 2"));
}

TEST(CustomerFile, RejectsBrokenRowsByLineAndTakesTheRest) {
  const ReadFile read =
      Read(TestFile("customer,kind,occur_time\n"
                    "a-1,person,2024-05-01\n"
                    ",person,\n"
                    "A-1,person,\n"
                    "a-1,person,\n"
                    "b-2,person,yesterday\n"
                    "c-3,person\n"
                    "--,person,\n"
                    "d-4,,\n"));
  ASSERT_EQ(read.rows.size(), 2u);
  EXPECT_EQ(read.rows[1].customer_id, "csv-d-4");
  EXPECT_EQ(read.tally.rows_read(), 8);
  EXPECT_EQ(read.tally.rejected().total(), 6);
  const std::pair<int64_t, RejectReason> expected[] = {
      {3, RejectReason::kMissingCustomer},  {4, RejectReason::kCustomerIdCollision},
      {5, RejectReason::kRepeatedCustomer}, {6, RejectReason::kInvalidTime},
      {7, RejectReason::kMalformedRow},     {8, RejectReason::kInvalidCustomerId}};
  for (size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(read.tally.rejected().listed()[i].line_number, expected[i].first);
    EXPECT_EQ(read.tally.rejected().listed()[i].rejection.reason, expected[i].second);
  }
}

}  // namespace
}  // namespace clientele::cli
