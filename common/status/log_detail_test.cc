#include "common/status/log_detail.h"

#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

TEST(LogDetail, StaysOutOfWhatLeavesTheServer) {
  const absl::Status status = WithLogDetail(
      ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "not available").Build(),
      "disk I/O error");
  EXPECT_EQ(GetLogDetail(status), "disk I/O error");
  EXPECT_EQ(status.message(), "not available");
  EXPECT_TRUE(GetErrorDetails(status)->metadata.empty());
}

TEST(LogDetail, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(GetLogDetail(absl::OkStatus()), "");
  EXPECT_EQ(GetLogDetail(absl::InternalError("x")), "");
}

}  // namespace
}  // namespace clientele
