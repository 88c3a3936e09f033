#include "cli/import/complaint_file.h"

#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

constexpr char kHeader[] =
    "complaint,customer,occur_time,channel,type,severity,safety,language_code,subject,description,"
    "desired_remedy\n";

// The first complaint of a file with these rows, and why its last row was rejected.
struct ReadFile {
  std::optional<ComplaintRow> first;
  std::optional<RejectedRow> rejected;
};

ReadFile Read(const std::string& rows) {
  const TestFile file(absl::StrCat(kHeader, rows));
  auto complaints = ComplaintFile::Open(file.path(), {});
  EXPECT_TRUE(complaints.ok()) << complaints.status();
  ReadFile read;
  for (;;) {
    auto row = complaints->Next();
    EXPECT_TRUE(row.ok()) << row.status();
    if (!row.ok() || !row->has_value()) break;
    if (!read.first.has_value()) read.first = *row;
  }
  if (!complaints->tally().rejected().listed().empty()) {
    read.rejected = complaints->tally().rejected().listed().back();
  }
  return read;
}

TEST(ComplaintFile, ReadsAComplaint) {
  const ReadFile read = Read(
      "X-7,C 1,2024-05-03T09:00:00Z,in-person,safety,1,true,en,Hot plug,\"It smokes,\nstill.\",A "
      "new one\n");
  ASSERT_TRUE(read.first.has_value());
  const ComplaintRow& row = *read.first;
  EXPECT_EQ(row.line_number, 2);
  EXPECT_EQ(row.customer_id, "csv-c-1");
  EXPECT_EQ(row.complaint_id, "csv-x-7");
  EXPECT_TRUE(row.occur_time.has_value());
  EXPECT_EQ(row.channel, "in-person");
  EXPECT_EQ(row.type, "safety");
  EXPECT_EQ(row.severity, 1);
  EXPECT_TRUE(row.safety);
  EXPECT_EQ(row.language_code, "en");
  EXPECT_EQ(row.subject, "Hot plug");
  EXPECT_EQ(row.description, "It smokes,\nstill.");
  EXPECT_EQ(row.desired_remedy, "A new one");
  EXPECT_FALSE(read.rejected.has_value());
}

TEST(ComplaintFile, RejectsBrokenRows) {
  const std::pair<const char*, RejectReason> cases[] = {
      {",c-1,,web,other,3,,,s,,\n", RejectReason::kMissingComplaint},
      {"--,c-1,,web,other,3,,,s,,\n", RejectReason::kInvalidComplaintId},
      {"x-1,,,web,other,3,,,s,,\n", RejectReason::kMissingCustomer},
      {"x-1,c-1,soon,web,other,3,,,s,,\n", RejectReason::kInvalidTime},
      {"x-1,c-1,,web,other,5,,,s,,\n", RejectReason::kInvalidSeverity},
      {"x-1,c-1,,web,other,,,,s,,\n", RejectReason::kInvalidSeverity},
      {"x-1,c-1,,web,other,3,yes,,s,,\n", RejectReason::kInvalidFlag},
      {"x-1,c-1,,web\n", RejectReason::kMalformedRow},
  };
  for (const auto& [row, reason] : cases) {
    const ReadFile read = Read(row);
    EXPECT_FALSE(read.first.has_value()) << row;
    ASSERT_TRUE(read.rejected.has_value()) << row;
    EXPECT_EQ(read.rejected->rejection.reason, reason) << row;
  }
}

TEST(ComplaintFile, RejectsASecondComplaintOfTheSameId) {
  const ReadFile read = Read("x-1,c-1,,web,other,3,,,s,,\nX.1,c-2,,web,other,3,,,s,,\n");
  ASSERT_TRUE(read.rejected.has_value());
  EXPECT_EQ(read.rejected->line_number, 3);
  EXPECT_EQ(read.rejected->rejection.reason, RejectReason::kRepeatedComplaint);
}

}  // namespace
}  // namespace clientele::cli
