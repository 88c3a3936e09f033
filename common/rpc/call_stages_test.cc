#include "common/rpc/call_stages.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/rpc/testing/echo_service.pb.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

namespace pb = clientele::echo::v1;

class CheckDeadlineTest : public testing::Test {
 protected:
  // Whether a call of `method_name` may begin with `time_left`.
  absl::Status Check(const std::string& method_name, absl::Duration time_left) {
    const std::vector<Method> methods =
        LoadMethods(pb::SaveRequest::descriptor()->file()->service(0)->full_name()).value();
    for (const Method& method : methods) {
      if (method.name == method_name) {
        grpc::CallbackServerContext transport;
        ServerCall call(method, transport);
        call.context.deadline = now_ + time_left;
        return CheckDeadline(call, now_);
      }
    }
    return absl::NotFoundError(method_name);
  }

  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(CheckDeadlineTest, RefusesWhatIsAlreadyTooLate) {
  EXPECT_EQ(GetErrorReason(Check("Echo", absl::ZeroDuration())), "DEADLINE_TOO_SHORT");
  EXPECT_EQ(Check("Echo", -absl::Seconds(1)).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(CheckDeadlineTest, RefusesOnlyWritesThatHaveTooLittleLeft) {
  const absl::Status refused = Check("Save", absl::Milliseconds(19));
  EXPECT_EQ(refused.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(refused.message(), "19 ms are left and a write needs 20 ms");
  EXPECT_EQ(GetErrorDetails(refused)->metadata.at("left_ms"), "19");
  EXPECT_TRUE(Check("Save", absl::Milliseconds(20)).ok());
  EXPECT_TRUE(Check("Echo", absl::Milliseconds(1)).ok());
}

TEST_F(CheckDeadlineTest, AcceptsACallWithoutADeadline) {
  EXPECT_TRUE(Check("Save", absl::InfiniteDuration()).ok());
}

}  // namespace
}  // namespace clientele::rpc
