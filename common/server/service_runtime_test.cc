#include "common/server/service_runtime.h"

#include "common/server/testing/thing_service.h"
#include "common/testing/temp_folder.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

TEST(ServiceRuntimeTest, GivesPrincipalsTheirShareAlsoWhileTheWallClockGoesBack) {
  const TempFolder folder;
  FakeClock wall_clock(absl::Now());
  UuidV7Generator uuids;
  FdLogSink log_sink(2);
  OpsPages pages("1", {"thing"});
  const SecretKey key = SecretKey::Random().value();
  const auto runtime = ServiceRuntime::Open(ThingDefinition(),
                                            {.bind_address = "127.0.0.1:0",
                                             .database_path = folder.File("thing.db"),
                                             .limits = {.calls_per_second = 1'000'000, .burst = 1}},
                                            {.system_clock = wall_clock,
                                             .business_clock = wall_clock,
                                             .uuids = uuids,
                                             .log_sink = log_sink,
                                             .pages = pages,
                                             .key = key});
  ASSERT_TRUE(runtime.ok()) << runtime.status();
  ASSERT_EQ((*runtime)->Migrate(), absl::OkStatus());
  ASSERT_EQ((*runtime)->Serve(), absl::OkStatus());
  // There is another call's share after a microsecond, by a clock that goes on.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(RefusalOf((*runtime)->address()), "");
    wall_clock.Advance(-absl::Hours(1));
  }
}

}  // namespace
}  // namespace clientele::server
