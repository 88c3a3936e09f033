#include "common/server/call_reports.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/observability/metrics_text.h"
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
  std::string LineOf(absl::StatusCode code, const std::string& cause = "",
                     const std::string& reason = "REASON") {
    sink_.text.clear();
    lines_.Write({.method = method_,
                  .call_id = "call-1",
                  .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                  .principal = "",
                  .code = code,
                  .reason = reason,
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

TEST_F(CallLinesTest, WriteOfReadsThatFailedByMethodAndCodeButNotWithoutEnd) {
  LineOf(absl::StatusCode::kOk);  // the sample has had its first
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(LineOf(absl::StatusCode::kNotFound, "", "THING_NOT_FOUND"),
                AllOf(HasSubstr("\"code\":\"NotFound\""), HasSubstr("THING_NOT_FOUND"),
                      HasSubstr("\"level\":\"info\"")));
  }
  EXPECT_THAT(LineOf(absl::StatusCode::kNotFound), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kNotFound), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kInvalidArgument), HasSubstr("InvalidArgument"));
  EXPECT_THAT(LineOf(absl::StatusCode::kFailedPrecondition), HasSubstr("FailedPrecondition"));
  EXPECT_THAT(LineOf(absl::StatusCode::kCancelled), HasSubstr("Canceled"));
  method_.path = "/thing.Things/ListThings";
  EXPECT_THAT(LineOf(absl::StatusCode::kNotFound), HasSubstr("ListThings"));
  method_.path = "/thing.Things/GetThing";
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(LineOf(absl::StatusCode::kNotFound), HasSubstr("\"suppressed\":2"));
}

TEST_F(CallLinesTest, WriteOfWritesThatFailedAll) {
  method_.policy.set_audit(true);
  for (int i = 0; i < 9; ++i) {
    EXPECT_THAT(LineOf(absl::StatusCode::kInvalidArgument), HasSubstr("call ended"));
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

TEST_F(CallLinesTest, SayThatAWriteCameTooLateButNotWithoutEnd) {
  method_.policy.set_audit(true);
  const auto line = [this](const std::string& reason) {
    return LineOf(absl::StatusCode::kDeadlineExceeded, "", reason);
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(line("DEADLINE_TOO_SHORT"), HasSubstr("call came too late to begin"));
  }
  EXPECT_THAT(line("DEADLINE_TOO_SHORT"), IsEmpty());
  EXPECT_THAT(line(""), HasSubstr("call ended")) << "it may have been written";
}

TEST_F(CallLinesTest, SayThatCallsWereRefusedForTheLoadButNotWithoutEnd) {
  method_.policy.set_audit(true);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(LineOf(absl::StatusCode::kResourceExhausted, "", "OVERLOADED"),
                AllOf(HasSubstr("\"event\":\"rpc_shed\""), HasSubstr("\"level\":\"warn\"")));
  }
  EXPECT_THAT(LineOf(absl::StatusCode::kResourceExhausted, "", "OVERLOADED"), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kResourceExhausted, "", "RATE_LIMITED"), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kResourceExhausted, "", "AUDIT_BACKLOG"), IsEmpty());
  EXPECT_THAT(LineOf(absl::StatusCode::kResourceExhausted, "", "DISK_FULL"),
              HasSubstr("\"level\":\"error\""));
}

TEST(CallMetricsTest, CountWhatIsRefusedForTheLoadByCauseKindAndType) {
  Metrics metrics("thing", "1");
  CallMetrics calls(metrics, {});
  rpc::Method read{};
  rpc::Method write{};
  write.policy.set_audit(true);
  rpc::Method stream{};
  stream.type = rpc::CallType::kServerStream;
  const auto refuse = [&calls](const rpc::Method& method, const std::string& reason,
                               bool let_in = false) {
    calls.OnHandled({.method = method,
                     .call_id = "",
                     .trace_id = "",
                     .principal = "",
                     .code = absl::StatusCode::kResourceExhausted,
                     .reason = reason,
                     .hidden_message = "",
                     .duration = absl::ZeroDuration(),
                     .replayed = false,
                     .let_in = let_in});
  };
  refuse(read, "OVERLOADED");
  refuse(read, "OVERLOADED");
  refuse(write, "RATE_LIMITED");
  refuse(stream, "RATE_LIMITED");
  refuse(stream, "RATE_LIMITED");
  refuse(write, "DISK_FULL");
  refuse(write, "OVERLOADED", true);
  refuse(write, "OVERLOADED", true);
  refuse(write, "OVERLOADED", true);
  const std::string page = RenderMetrics({&metrics});
  const auto count_of = [&page](const std::string& cause, const std::string& type,
                                const std::string& kind) {
    const std::string series =
        absl::StrCat("clientele_thing_calls_refused_total{clientele_service=\"thing\",cause=\"",
                     cause, "\",grpc_type=\"", type, "\",kind=\"", kind, "\"} ");
    const size_t found = page.find(series);
    return found == std::string::npos ? "none" : page.substr(found + series.size(), 1);
  };
  EXPECT_EQ(count_of("overloaded", "unary", "read"), "2");
  EXPECT_EQ(count_of("overloaded", "unary", "write"), "0");
  EXPECT_EQ(count_of("queue_full", "unary", "read"), "0");
  EXPECT_EQ(count_of("queue_full", "unary", "write"), "3");
  EXPECT_EQ(count_of("rate_limited", "unary", "read"), "0");
  EXPECT_EQ(count_of("rate_limited", "unary", "write"), "1");
  EXPECT_EQ(count_of("rate_limited", "server_stream", "read"), "2");
  EXPECT_EQ(count_of("rate_limited", "bidi_stream", "write"), "0");
}

TEST(ClientCallMetricsTest, CountCallsUnderTheNamesOfTheEcosystem) {
  Metrics metrics("thing", "1");
  const std::string watch = "/clientele.common.v1.EventService/WatchEvents";
  ClientCallMetrics calls(metrics, {watch});
  const auto count_of = [&metrics](const std::string& name, const std::string& code) {
    const std::string series = absl::StrCat(
        "grpc_client_", name, "{clientele_service=\"thing\",", code,
        "grpc_method=\"WatchEvents\",grpc_service=\"clientele.common.v1.EventService\","
        "grpc_type=\"server_stream\"} ");
    const std::string page = RenderMetrics({&metrics});
    const size_t found = page.find(series);
    return found == std::string::npos ? "none" : page.substr(found + series.size(), 1);
  };
  EXPECT_EQ(count_of("started_total", ""), "0");
  calls.OnStarted(watch);
  calls.OnMessageSent(watch);
  calls.OnMessageReceived(watch);
  calls.OnMessageReceived(watch);
  calls.OnHandled(watch, absl::StatusCode::kUnavailable, absl::Seconds(1));
  EXPECT_EQ(count_of("started_total", ""), "1");
  EXPECT_EQ(count_of("msg_sent_total", ""), "1");
  EXPECT_EQ(count_of("msg_received_total", ""), "2");
  EXPECT_EQ(count_of("handled_total", "grpc_code=\"Unavailable\","), "1");
  EXPECT_EQ(count_of("handling_seconds_count", ""), "1");
}

}  // namespace
}  // namespace clientele::server
