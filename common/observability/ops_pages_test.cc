#include "common/observability/ops_pages.h"

#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/observability/metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class OpsPagesTest : public ::testing::Test {
 protected:
  OpsAnswer Get(absl::string_view path) { return pages_.Answer("GET", path); }

  OpsPages pages_{"1.2.3", {"profile", "segmentation"}};
};

TEST_F(OpsPagesTest, IsAliveButNeitherStartedNorReadyAtFirst) {
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/startupz").status, 503);
  const OpsAnswer ready = Get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "[-]started failed: starting\n[+]serving ok\nreadyz check failed\n");
}

TEST_F(OpsPagesTest, IsReadyOnceStartedAndEveryCheckPasses) {
  pages_.AddReadinessCheck("profile.sql", [] { return absl::OkStatus(); });
  pages_.SetStarted();
  EXPECT_EQ(Get("/startupz").status, 200);
  const OpsAnswer ready = Get("/readyz?verbose");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, "[+]started ok\n[+]serving ok\n[+]profile.sql ok\nreadyz check passed\n");
}

TEST_F(OpsPagesTest, NamesTheCheckThatFailsAndStaysAlive) {
  pages_.AddReadinessCheck("sql", [] { return absl::UnavailableError("the disk is full"); });
  pages_.AddReadinessCheck("schema", [] { return absl::OkStatus(); });
  pages_.SetStarted();
  const OpsAnswer ready = Get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("[-]sql failed: the disk is full\n[+]schema ok\n"));
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/startupz").status, 200);
}

TEST_F(OpsPagesTest, ShowsOnlyTheBeginningOfALongMessage) {
  pages_.AddReadinessCheck("sql", [] { return absl::InternalError(std::string(100000, 'x')); });
  EXPECT_LT(Get("/readyz").body.size(), 1000u);
}

TEST_F(OpsPagesTest, IsUnreadyButAliveWhileDraining) {
  pages_.SetStarted();
  EXPECT_EQ(Get("/readyz").status, 200);
  pages_.SetDraining();
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_THAT(Get("/readyz").body, HasSubstr("[-]serving failed: shutting down\n"));
  EXPECT_EQ(Get("/livez").status, 200);
}

TEST_F(OpsPagesTest, ServesMetricsOfEverySource) {
  Metrics profile("profile", "1.2.3");
  Metrics loyalty("loyalty", "1.2.3");
  pages_.AddMetrics(&profile);
  pages_.AddMetrics(&loyalty);
  const OpsAnswer answer = Get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.content_type, StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("clientele_service=\"profile\",version=\"1.2.3\"} 1"));
  EXPECT_THAT(answer.body, HasSubstr("clientele_service=\"loyalty\",version=\"1.2.3\"} 1"));
}

TEST_F(OpsPagesTest, SaysItsVersionAndServicesAsJson) {
  const nlohmann::json json = nlohmann::json::parse(Get("/version").body);
  EXPECT_EQ(json["version"], "1.2.3");
  EXPECT_EQ(json["services"], (nlohmann::json{"profile", "segmentation"}));
}

TEST_F(OpsPagesTest, ShowsTheConfigurationOfEveryService) {
  pages_.AddConfig([] { return std::string("# profile\n"); });
  pages_.AddConfig([] { return std::string("# segmentation\n"); });
  EXPECT_EQ(Get("/config").body, "# profile\n# segmentation\n");
}

TEST_F(OpsPagesTest, RefusesOtherPathsAndMethods) {
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(Get("/metrics/").status, 404);
  EXPECT_EQ(Get("").status, 404);
  EXPECT_EQ(pages_.Answer("POST", "/metrics").status, 405);
  EXPECT_EQ(pages_.Answer("DELETE", "/nothing").status, 405);
  EXPECT_EQ(pages_.Answer("HEAD", "/livez").status, 200);
}

TEST_F(OpsPagesTest, AnswersTheRestWhileACheckAndAScrapeHang) {
  std::promise<void> release;
  std::promise<void> entered;
  const std::shared_future<void> released = release.get_future().share();
  pages_.AddReadinessCheck("sql", [&entered, released] {
    entered.set_value();
    released.wait();
    return absl::OkStatus();
  });
  pages_.SetStarted();
  std::thread hanging([this] { EXPECT_EQ(Get("/readyz").status, 200); });
  entered.get_future().wait();
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/metrics").status, 200);
  const OpsAnswer second = Get("/readyz");
  EXPECT_EQ(second.status, 503);
  EXPECT_THAT(second.body, HasSubstr("[-]checks failed: an earlier check has not returned yet"));
  release.set_value();
  hanging.join();
}

TEST_F(OpsPagesTest, ForgetsEverySourceWhenClosed) {
  auto metrics = std::make_unique<Metrics>("profile", "1.2.3");
  auto state = std::make_unique<int>(1);
  pages_.AddMetrics(metrics.get());
  pages_.AddReadinessCheck("sql", [&state] {
    return *state == 1 ? absl::OkStatus() : absl::InternalError("destroyed");
  });
  pages_.AddConfig([&state] { return std::string(static_cast<size_t>(*state), 'c'); });
  pages_.SetStarted();
  pages_.Close();
  metrics.reset();
  state.reset();
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_THAT(Get("/readyz").body, Not(HasSubstr("sql")));
  EXPECT_EQ(Get("/metrics").body, "");
  EXPECT_EQ(Get("/config").body, "");
  EXPECT_EQ(Get("/livez").status, 200);
}

}  // namespace
}  // namespace clientele
