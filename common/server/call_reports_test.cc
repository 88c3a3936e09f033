#include "common/server/call_reports.h"

#include "common/observability/testing/last_line.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CallLinesTest : public ::testing::Test {
 protected:
  // What the log says of a read that ended so, as the only one of many; "" when nothing.
  std::string LineOf(absl::StatusCode code, const std::string& cause = "") {
    sink_.text.clear();
    lines_.Write({.method = method_,
                  .call_id = "call-1",
                  .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                  .principal = "",
                  .code = code,
                  .reason = "REASON",
                  .hidden_message = cause,
                  .duration = absl::ZeroDuration(),
                  .replayed = false});
    return sink_.text;
  }

  rpc::Method method_ = {.path = "/thing.Things/GetThing",
                         .service = "thing.Things",
                         .name = "GetThing",
                         .type = rpc::CallType::kUnary,
                         .policy = {}};
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  LastLine sink_;
  Logger logger_{{.service = "thing", .repeats = {.per_interval_max = 3}}, clock_, sink_};
  CallLines lines_{logger_, /*read_sample=*/1000, /*slow_min=*/absl::Seconds(1)};
};

TEST_F(CallLinesTest, WriteOfReadsAFewButOfErrorsOfTheServerAll) {
  EXPECT_THAT(LineOf(absl::StatusCode::kOk), HasSubstr("call ended"));  // the first of a thousand
  for (int i = 0; i < 9; ++i) {
    EXPECT_THAT(LineOf(absl::StatusCode::kOk), IsEmpty());
    EXPECT_THAT(LineOf(absl::StatusCode::kInternal), HasSubstr("\"level\":\"error\""));
  }
}

TEST_F(CallLinesTest, SayWhyACallerWasRefusedButNotWithoutEnd) {
  method_.policy.set_audit(true);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(LineOf(absl::StatusCode::kUnauthenticated, "the token has expired"),
                AllOf(HasSubstr("\"event\":\"rpc_refused\""), HasSubstr("the token has expired"),
                      HasSubstr("\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"")));
  }
  EXPECT_THAT(LineOf(absl::StatusCode::kUnauthenticated), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kPermissionDenied), IsEmpty());
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(LineOf(absl::StatusCode::kPermissionDenied), HasSubstr("\"suppressed\":2"));
}

}  // namespace
}  // namespace clientele::server
