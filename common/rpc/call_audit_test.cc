#include "common/rpc/call_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/client.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Remembers what it was told, as "<method> <code> <due or committed>". Thread-safe.
class RecordingAudit final : public CallAudit {
 public:
  bool TryReserve() override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (room_ == 0) {
      return false;
    }
    --room_;
    return true;
  }

  void OnEnded(const CallSummary& summary, std::vector<std::string> /*subjects*/) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++room_;
    told_.push_back(absl::StrCat(summary.method.name, " ", absl::StatusCodeToString(summary.code),
                                 summary.audit == AuditState::kDue ? " due" : " committed"));
  }

  std::vector<std::string> told() {
    std::lock_guard<std::mutex> lock(mutex_);
    return told_;
  }

 private:
  std::mutex mutex_;
  int room_ = 1;
  std::vector<std::string> told_;
};

class CallAuditTest : public ::testing::Test {
 protected:
  absl::Status Save() {
    return CallUnary<pb::SaveResponse>(
               NewCall(absl::Minutes(1)),
               [&](grpc::ClientContext* context, pb::SaveResponse* response) {
                 return server_.stub->Save(context, {}, response);
               })
        .status();
  }

  RecordingAudit audit_;
  EchoServer server_{{.thread_limit = 2}, {}, nullptr, &audit_};
};

TEST_F(CallAuditTest, IsToldOfAWriteThatNoTransactionHasToldOf) {
  server_.handlers.save = [](CallContext& call) -> absl::StatusOr<pb::SaveResponse> {
    EXPECT_TRUE(call.audits);
    return ErrorBuilder(absl::StatusCode::kNotFound, "GONE", "it is gone").Build();
  };
  EXPECT_EQ(GetErrorReason(Save()), "GONE");
  server_.handlers.save = [](CallContext&) { return pb::SaveResponse(); };
  EXPECT_TRUE(Save().ok());
  EXPECT_THAT(audit_.told(), ElementsAre("Save NOT_FOUND due", "Save OK due"));
}

TEST_F(CallAuditTest, HearsWhatATransactionHasToldOf) {
  server_.handlers.save = [](CallContext& call) {
    call.audit_committed = true;
    return pb::SaveResponse();
  };
  EXPECT_TRUE(Save().ok());
  server_.handlers.save = [](CallContext& call) {
    call.replayed = true;
    return pb::SaveResponse();
  };
  EXPECT_TRUE(Save().ok());
  // One batch of a stream may be committed before another one fails.
  server_.handlers.save = [](CallContext& call) -> absl::StatusOr<pb::SaveResponse> {
    call.audit_committed = true;
    return CallCancelled();
  };
  EXPECT_FALSE(Save().ok());
  EXPECT_THAT(audit_.told(),
              ElementsAre("Save OK committed", "Save OK committed", "Save CANCELLED due"));
}

TEST_F(CallAuditTest, IsToldOfWhoLacksThePermissionButNotOfWhoHasNoName) {
  server_.identity.permissions = {"echo.read"};
  EXPECT_EQ(GetErrorReason(Save()), "PERMISSION_DENIED");
  EXPECT_THAT(audit_.told(), ElementsAre("Save PERMISSION_DENIED due"));
  server_.identity.principal = Unauthenticated("no token");
  EXPECT_EQ(GetErrorReason(Save()), "UNAUTHENTICATED");
  EXPECT_THAT(audit_.told(), ElementsAre("Save PERMISSION_DENIED due"));
}

TEST_F(CallAuditTest, RefusesWhatItHasNoRoomFor) {
  ASSERT_TRUE(audit_.TryReserve());
  const absl::Status refused = Save();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(refused), "AUDIT_BACKLOG");
  EXPECT_THAT(audit_.told(), IsEmpty());
}

TEST_F(CallAuditTest, IsNotAskedForWhatTheLogNeedNotTell) {
  ASSERT_TRUE(audit_.TryReserve());
  server_.handlers.echo = [](CallContext& call) {
    EXPECT_FALSE(call.audits);
    return pb::EchoResponse();
  };
  grpc::ClientContext context;
  pb::EchoResponse response;
  EXPECT_TRUE(server_.stub->Echo(&context, {}, &response).ok());
  EXPECT_THAT(audit_.told(), IsEmpty());
}

}  // namespace
}  // namespace clientele::rpc
