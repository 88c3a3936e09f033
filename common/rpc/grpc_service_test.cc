#include "common/rpc/grpc_service.h"

#include <gtest/gtest.h>

#include "common/rpc/testing/echo_service.pb.h"
#include "common/rpc/testing/test_pipeline.h"

namespace clientele::rpc {
namespace {

namespace pb = clientele::echo::v1;

class Answers {
 public:
  absl::StatusOr<pb::EchoResponse> Echo(CallContext&, const pb::EchoRequest&) const {
    return pb::EchoResponse();
  }
  absl::StatusOr<pb::SaveResponse> Save(CallContext&, const pb::SaveRequest&) const {
    return pb::SaveResponse();
  }
};

// Serves two of four methods.
class HalfService final : public GrpcService {
 public:
  explicit HalfService(CallPipeline& pipeline)
      : GrpcService(pipeline, "clientele.echo.v1.EchoService") {
    AddUnary("Echo", answers_, &Answers::Echo);
    AddUnary("Save", answers_, &Answers::Save);
  }

  void AddEchoAgain() { AddUnary("Echo", answers_, &Answers::Echo); }
  void AddSaveAsWatch() { AddUnary("Watch", answers_, &Answers::Save); }

 private:
  Answers answers_;
};

// Takes the messages of another method.
class MistakenService final : public GrpcService {
 public:
  explicit MistakenService(CallPipeline& pipeline)
      : GrpcService(pipeline, "clientele.echo.v1.EchoService") {
    AddUnary("Echo", answers_, &Answers::Save);
  }

 private:
  Answers answers_;
};

class GrpcServiceDeathTest : public testing::Test {
 protected:
  GrpcServiceDeathTest() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
  TestPipeline parts_{"echo"};
};

TEST_F(GrpcServiceDeathTest, NamesTheMethodsThatAreNotServed) {
  const HalfService service(parts_.pipeline());
  EXPECT_DEATH(service.CheckIsComplete(), "EchoService/(Watch|Exchange) is not served");
}

TEST_F(GrpcServiceDeathTest, RefusesAMethodTwiceOrOfAnotherShape) {
  HalfService service(parts_.pipeline());
  EXPECT_DEATH(service.AddEchoAgain(), "check failed");
  EXPECT_DEATH(service.AddSaveAsWatch(), "check failed");
}

TEST_F(GrpcServiceDeathTest, RefusesTheMessagesOfAnotherMethod) {
  EXPECT_DEATH(MistakenService(parts_.pipeline()), "check failed");
}

}  // namespace
}  // namespace clientele::rpc
