#include "common/status/error.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(Error, KeepsEveryDetailThroughTheStatus) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kFailedPrecondition, "NOT_REFUNDABLE", "cancelled")
          .Metadata("state", "CANCELLED")
          .Metadata("purchase_id", "p-1")
          .Precondition("PURCHASE_STATE", "p-1", "is cancelled")
          .Field("lines[0].quantity", "more than is left")
          .Resource("purchase", "p-1")
          .RetryAfter(absl::Milliseconds(250))
          .Build();

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "NOT_REFUNDABLE");
  EXPECT_THAT(details->metadata,
              UnorderedElementsAre(Pair("state", "CANCELLED"), Pair("purchase_id", "p-1")));
  ASSERT_EQ(details->precondition_violations.size(), 1u);
  EXPECT_EQ(details->precondition_violations[0].subject, "p-1");
  ASSERT_EQ(details->field_violations.size(), 1u);
  EXPECT_EQ(details->field_violations[0].field, "lines[0].quantity");
  EXPECT_EQ(details->resource->name, "p-1");
  EXPECT_EQ(details->retry_delay, absl::Milliseconds(250));
}

TEST(Error, HasNoDetailsWhenNotNamed) {
  EXPECT_FALSE(GetErrorDetails(absl::OkStatus()).has_value());
  EXPECT_EQ(GetErrorReason(absl::InternalError("boom")), "");
}

TEST(Error, SurvivesBytesThatAreNotUtf8) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", "bad text")
          .Metadata("value", "\xff\xfe")
          .Build();
  EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
}

TEST(Violations, ListsEveryViolationAtOnce) {
  Violations violations;
  EXPECT_TRUE(violations.ToStatus().ok());
  violations.Add("customer_id", "is required");
  violations.Add("page_size", "must not be negative");
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetails(status)->field_violations.size(), 2u);
  EXPECT_EQ(status.message(), "customer_id: is required (and 1 more)");
}

}  // namespace
}  // namespace clientele
