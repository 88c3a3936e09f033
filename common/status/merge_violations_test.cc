#include "common/status/merge_violations.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;

absl::Status BadToken() {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN", "bad token")
      .Field("page_token", "is bad")
      .Build();
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : details->field_violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

TEST(MergeViolationsTest, IsOkWhenNothingWasFound) {
  EXPECT_EQ(MergeViolations({}, {absl::OkStatus()}), absl::OkStatus());
}

TEST(MergeViolationsTest, TheOnlyFindingKeepsItsReason) {
  const absl::Status merged = MergeViolations({}, {absl::OkStatus(), BadToken()});
  EXPECT_EQ(GetErrorReason(merged), "INVALID_PAGE_TOKEN");
  EXPECT_THAT(FieldsOf(merged), ElementsAre("page_token"));
}

TEST(MergeViolationsTest, SeveralFindingsAreOneInvalidArgumentThatListsAll) {
  Violations own;
  own.Add("page_size", "must not be negative");
  own.Add("segment", "is too long");
  const absl::Status merged = MergeViolations(own, {BadToken()});
  EXPECT_EQ(GetErrorReason(merged), "INVALID_ARGUMENT");
  EXPECT_THAT(FieldsOf(merged), ElementsAre("page_size", "segment", "page_token"));
}

TEST(MergeViolationsTest, AnErrorWithoutAReasonIsAnsweredAsItIs) {
  Violations own;
  own.Add("page_size", "must not be negative");
  EXPECT_EQ(MergeViolations(own, {absl::InternalError("defect")}), absl::InternalError("defect"));
}

}  // namespace
}  // namespace clientele
