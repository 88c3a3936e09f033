#include "common/server/cache_reports.h"

#include <string>
#include <vector>

#include "common/observability/metrics_text.h"
#include "common/observability/testing/last_line.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CacheReportsTest : public ::testing::Test {
 protected:
  std::string Scrape() const { return RenderMetrics({{&metrics_}}); }

  const FakeClock clock_{absl::UnixEpoch()};
  LastLine line_;
  Logger logger_{LogOptions{.service = "thing", .repeats = {}}, clock_, line_};
  Metrics metrics_{"thing", "1"};
  const redis::Address node_{.host = "redis.example", .port = 6379, .path = ""};
};

TEST_F(CacheReportsTest, CountsReadsByKindAndSource) {
  CacheReports reports(metrics_, logger_, {"row"}, {});
  EXPECT_THAT(Scrape(), HasSubstr(R"(kind="row",source="load"} 0)"));
  reports.OnRead("row", cache::Source::kMemory);
  reports.OnRead("row", cache::Source::kMemory);
  reports.OnRead("row", cache::Source::kFlight);
  EXPECT_THAT(Scrape(), AllOf(HasSubstr(R"(kind="row",source="memory"} 2)"),
                              HasSubstr(R"(kind="row",source="flight"} 1)"),
                              HasSubstr(R"(kind="row",source="shared"} 0)")));
}

TEST_F(CacheReportsTest, SaysNothingOfRedisWhereThereIsNone) {
  const CacheReports reports(metrics_, logger_, {"row"}, {});
  EXPECT_THAT(Scrape(),
              AllOf(Not(HasSubstr("redis")), HasSubstr("clientele_thing_cache_memory_on{")));
}

TEST_F(CacheReportsTest, ShowsAndLogsTheBreakerOfANode) {
  CacheReports reports(metrics_, logger_, {"row"}, {node_});
  EXPECT_THAT(Scrape(), HasSubstr(R"(node="redis.example:6379"} 0)"));
  reports.OnBreakerChanged(node_, true);
  EXPECT_THAT(Scrape(), HasSubstr(R"(node="redis.example:6379"} 1)"));
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"warn")"), HasSubstr("redis.example:6379")));
  reports.OnBreakerChanged(node_, false);
  EXPECT_THAT(Scrape(), Not(HasSubstr(R"(node="redis.example:6379"} 1)")));
  EXPECT_THAT(line_.text, HasSubstr(R"("level":"info")"));
}

TEST_F(CacheReportsTest, CountsExchangesAndErrorsByTheirCode) {
  CacheReports reports(metrics_, logger_, {"row"}, {node_});
  reports.OnExchange(absl::OkStatus(), 0.001);
  reports.OnExchange(absl::DeadlineExceededError("late"), 0.02);
  reports.OnSharedError(cache::SharedOperation::kWrite, absl::DeadlineExceededError("late"));
  reports.OnProbeFailed(node_, absl::UnavailableError("refused"));
  EXPECT_THAT(Scrape(),
              AllOf(HasSubstr(R"(result="OK"} 1)"), HasSubstr(R"(result="DeadlineExceeded"} 1)"),
                    HasSubstr(R"(operation="write"} 1)"), HasSubstr(R"(operation="read"} 0)"),
                    HasSubstr("redis_probe_failures_total{")));
}

TEST_F(CacheReportsTest, ShowsAndLogsWhetherTheProcessCaches) {
  CacheReports reports(metrics_, logger_, {"row"}, {node_});
  EXPECT_THAT(Scrape(), HasSubstr(R"(cache_memory_on{clientele_service="thing"} 0)"));
  reports.OnMemorySwitched(true, absl::OkStatus());
  EXPECT_THAT(Scrape(), HasSubstr(R"(cache_memory_on{clientele_service="thing"} 1)"));
  reports.OnMemorySwitched(false, absl::UnavailableError("gone"));
  EXPECT_THAT(Scrape(), HasSubstr(R"(cache_memory_on{clientele_service="thing"} 0)"));
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"warn")"), HasSubstr("gone")));
  line_.text.clear();
  reports.OnMemorySwitched(false, absl::CancelledError("stopping"));
  EXPECT_EQ(line_.text, "");
}

}  // namespace
}  // namespace clientele::server
