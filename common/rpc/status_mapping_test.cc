#include "common/rpc/status_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/limits.h"
#include "common/rpc/rpc_errors.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "google/rpc/error_details.pb.h"

namespace clientele::rpc {
namespace {

constexpr char kDomain[] = "profile.clientele";

template <typename Detail>
std::vector<Detail> DetailsOf(const google::rpc::Status& status) {
  std::vector<Detail> found;
  for (const auto& packed : status.details()) {
    Detail detail;
    if (packed.UnpackTo(&detail)) {
      found.push_back(detail);
    }
  }
  return found;
}

absl::Status RichError() {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "PURCHASE_STATE", "p-1 is CANCELLED")
      .Metadata("state", "CANCELLED")
      .Field("lines[0].quantity", "must be positive")
      .Precondition("STATE", "purchase/p-1", "must be RECORDED")
      .Resource("purchase", "p-1")
      .RetryAfter(absl::Milliseconds(1500))
      .Build();
}

TEST(StatusMappingTest, SendsEveryDetailOfANamedError) {
  const google::rpc::Status sent = ToRpcStatus(RichError(), kDomain);
  EXPECT_EQ(sent.code(), 9);
  EXPECT_EQ(sent.message(), "p-1 is CANCELLED");
  const auto info = DetailsOf<google::rpc::ErrorInfo>(sent).at(0);
  EXPECT_EQ(info.reason(), "PURCHASE_STATE");
  EXPECT_EQ(info.domain(), kDomain);
  EXPECT_EQ(info.metadata().at("state"), "CANCELLED");
  EXPECT_EQ(DetailsOf<google::rpc::BadRequest>(sent).at(0).field_violations(0).field(),
            "lines[0].quantity");
  EXPECT_EQ(DetailsOf<google::rpc::PreconditionFailure>(sent).at(0).violations(0).subject(),
            "purchase/p-1");
  EXPECT_EQ(DetailsOf<google::rpc::ResourceInfo>(sent).at(0).resource_name(), "p-1");
  const auto delay = DetailsOf<google::rpc::RetryInfo>(sent).at(0).retry_delay();
  EXPECT_EQ(delay.seconds(), 1);
  EXPECT_EQ(delay.nanos(), 500'000'000);
}

TEST(StatusMappingTest, GivesAClientTheNamedErrorBack) {
  const absl::Status received = FromGrpcStatus(ToGrpcStatus(RichError(), kDomain));
  EXPECT_EQ(received, RichError());
}

TEST(StatusMappingTest, KeepsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), kDomain).ok());
  EXPECT_EQ(ToRpcStatus(absl::OkStatus(), kDomain).ByteSizeLong(), 0u);
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  EXPECT_TRUE(FromRpcStatus(google::rpc::Status()).ok());
}

TEST(StatusMappingTest, HidesWhatIsNoNamedError) {
  for (const absl::Status& inside :
       {absl::UnavailableError("disk sda1"), absl::NotFoundError("row 7"),
        absl::UnknownError("secret"),
        ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "secret").Build()}) {
    const absl::Status sent = FromGrpcStatus(ToGrpcStatus(inside, kDomain));
    EXPECT_EQ(sent.code(), absl::StatusCode::kInternal) << inside;
    EXPECT_EQ(sent.message(), "internal error");
    EXPECT_EQ(GetErrorReason(sent), "INTERNAL");
    EXPECT_EQ(HiddenMessage(inside),
              absl::StrCat(absl::StatusCodeToString(inside.code()), ": ", inside.message()));
  }
  EXPECT_EQ(HiddenMessage(RichError()), "");
  EXPECT_EQ(HiddenMessage(absl::OkStatus()), "");
}

TEST(StatusMappingTest, KeepsTheLogDetailForTheLog) {
  const absl::Status known = WithLogDetail(RichError(), "sqlite 10: disk I/O error");
  EXPECT_EQ(HiddenMessage(known), "sqlite 10: disk I/O error");
  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(known, kDomain)), RichError());
  const absl::Status defect =
      WithLogDetail(ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "internal error").Build(),
                    "sqlite 1: no such table: x");
  EXPECT_EQ(HiddenMessage(defect), "INTERNAL: internal error; sqlite 1: no such table: x");
  EXPECT_EQ(ToRpcStatus(defect, kDomain).DebugString().find("sqlite"), std::string::npos);
}

TEST(StatusMappingTest, KeepsTheCodesThatSayNothingOfTheInside) {
  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(absl::CancelledError("x"), kDomain)), CallCancelled());
  const absl::Status late =
      FromGrpcStatus(ToGrpcStatus(absl::DeadlineExceededError("select"), kDomain));
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(GetErrorReason(late), "DEADLINE_TOO_SHORT");
  EXPECT_EQ(late.message(), "the deadline passed");
}

TEST(StatusMappingTest, SendsTheFirstViolationsAndCountsTheOthers) {
  constexpr int kCount = 1000;
  Violations violations;
  for (int i = 0; i < kCount; ++i) {
    violations.Add(absl::StrCat("orders[", i, "].quantity"), "must be positive");
  }
  const google::rpc::Status sent = ToRpcStatus(violations.ToStatus(), kDomain);
  EXPECT_LT(sent.ByteSizeLong(), static_cast<size_t>(kErrorDetailsBytesMax));
  const auto bad_request = DetailsOf<google::rpc::BadRequest>(sent).at(0);
  const int listed = bad_request.field_violations_size() - 1;
  EXPECT_GT(listed, 30);
  EXPECT_EQ(bad_request.field_violations(listed - 1).field(),
            absl::StrCat("orders[", listed - 1, "].quantity"));
  EXPECT_EQ(bad_request.field_violations(listed).field(), "");
  EXPECT_EQ(bad_request.field_violations(listed).description(),
            absl::StrCat("and ", kCount - listed, " more"));
}

TEST(StatusMappingTest, StaysBelowTheLimitWithEverythingTooLong) {
  const std::string huge(100'000, 'x');
  ErrorBuilder builder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", huge);
  builder.Resource(huge, huge).RetryAfter(absl::Seconds(1));
  for (int i = 0; i < 100; ++i) {
    builder.Metadata(absl::StrCat("key", i), huge).Field(huge, huge).Precondition(huge, huge, huge);
  }
  const google::rpc::Status sent = ToRpcStatus(builder.Build(), kDomain);
  EXPECT_LT(sent.ByteSizeLong(), static_cast<size_t>(kErrorDetailsBytesMax));
  EXPECT_EQ(sent.details_size(), 5);
}

TEST(StatusMappingTest, CutsTextBetweenCharacters) {
  std::string text;
  for (int i = 0; i < kErrorMessageBytesMax; ++i) {
    text += "é";
  }
  const google::rpc::Status sent = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kNotFound, "R", absl::StrCat("a", text)).Build(), kDomain);
  EXPECT_EQ(sent.message().size(), static_cast<size_t>(kErrorMessageBytesMax) - 1);
}

TEST(StatusMappingTest, LeavesAStatusWithoutDetailsPlain) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  EXPECT_EQ(status, absl::UnavailableError("connection refused"));
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::ABORTED, "x", "\xff not a proto")),
            absl::AbortedError("x"));
  EXPECT_EQ(FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(99), "x")).code(),
            absl::StatusCode::kUnknown);
}

}  // namespace
}  // namespace clientele::rpc
