#include "common/observability/metrics.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/observability/feed_metrics.h"
#include "common/observability/grpc_metrics.h"
#include "common/observability/metrics_text.h"
#include "common/observability/process_metrics.h"
#include "common/observability/sql_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr absl::string_view kGet = "/test.v1.CustomerService/Get";
constexpr absl::string_view kWatch = "/test.v1.EventService/Watch";

std::vector<GrpcMethod> Methods() {
  return {{std::string(kGet), GrpcMethodType::kUnary},
          {std::string(kWatch), GrpcMethodType::kServerStream}};
}

// The lines of the page that start with `name`, comments left out.
std::vector<std::string> Samples(absl::string_view name,
                                 absl::Span<const prometheus::Collectable* const> sources) {
  std::vector<std::string> samples;
  for (absl::string_view line : absl::StrSplit(RenderMetrics(sources), '\n')) {
    if (absl::StartsWith(line, name)) {
      samples.emplace_back(line);
    }
  }
  return samples;
}

std::optional<double> Three() { return 3; }

TEST(Metrics, PinsEveryNameAndLabelSet) {
  Metrics metrics("profile", "1.2.3");
  GrpcMetrics grpc(metrics, GrpcSide::kServer, Methods());
  SqlMetrics sql(metrics);
  AddOutboxMetrics(metrics, {Three, Three});
  AddConsumerMetrics(metrics, "loyalty", {Three, Three, Three, Three});
  ProcessMetrics process;
  EXPECT_THAT(
      ListMetrics({&metrics, &process}),
      ElementsAre("counter grpc_server_handled_total"
                  "{clientele_service,grpc_code,grpc_method,grpc_service,grpc_type}",
                  "counter grpc_server_msg_received_total"
                  "{clientele_service,grpc_method,grpc_service,grpc_type}",
                  "counter grpc_server_msg_sent_total"
                  "{clientele_service,grpc_method,grpc_service,grpc_type}",
                  "counter grpc_server_started_total"
                  "{clientele_service,grpc_method,grpc_service,grpc_type}",
                  "counter process_cpu_seconds_total{}",
                  "gauge clientele_build_info{clientele_service,version}",
                  "gauge clientele_profile_feed_bootstrapping{clientele_service,source}",
                  "gauge clientele_profile_feed_lag_events{clientele_service,source}",
                  "gauge clientele_profile_feed_lag_seconds{clientele_service,source}",
                  "gauge clientele_profile_feed_partitions{clientele_service,source}",
                  "gauge clientele_profile_outbox_depth_events{clientele_service}",
                  "gauge clientele_profile_outbox_oldest_age_seconds{clientele_service}",
                  "gauge process_max_fds{}", "gauge process_open_fds{}",
                  "gauge process_resident_memory_bytes{}", "gauge process_start_time_seconds{}",
                  "gauge process_virtual_memory_bytes{}",
                  "histogram clientele_profile_sql_query_seconds{clientele_service,statement}",
                  "histogram grpc_server_handling_seconds"
                  "{clientele_service,grpc_method,grpc_service,grpc_type}"));
}

TEST(Metrics, PutsServiceAndUnitIntoTheName) {
  Metrics metrics("profile", "1.2.3");
  metrics.AddCounter("imported_rows_total", "Rows imported.", {{"format", "csv"}}).Increment(7);
  metrics.AddGauge("connections_in_use", "Connections in use.").Set(2);
  const std::string page = RenderMetrics({&metrics});
  EXPECT_THAT(page, HasSubstr("clientele_profile_imported_rows_total{clientele_service=\"profile\","
                              "format=\"csv\"} 7\n"));
  EXPECT_THAT(page, HasSubstr("clientele_profile_connections_in_use"
                              "{clientele_service=\"profile\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("# HELP clientele_build_info "));
}

TEST(Metrics, AnswersTheSameSeriesForTheSameLabels) {
  Metrics metrics("profile", "1");
  prometheus::Counter& first = metrics.AddCounter("runs_total", "Runs.");
  EXPECT_EQ(&first, &metrics.AddCounter("runs_total", "Runs."));
}

TEST(Metrics, RefusesNamesThatBreakTheRules) {
  Metrics metrics("profile", "1");
  EXPECT_DEATH(metrics.AddCounter("runs", "No unit."), "check failed");
  EXPECT_DEATH(metrics.AddGauge("age seconds", "A space."), "check failed");
  metrics.AddGauge("age_seconds", "Age.");
  EXPECT_DEATH(metrics.AddHistogram("age_seconds", "Age.", {1}), "check failed");
  metrics.AddGaugeReading("depth_events", "Depth.", {}, Three);
  EXPECT_DEATH(metrics.AddGaugeReading("depth_events", "Depth.", {}, Three), "check failed");
}

TEST(Metrics, ReadsGaugesAtEachScrapeAndLeavesOutTheUnknown) {
  Metrics metrics("profile", "1");
  std::optional<double> value = 5;
  metrics.AddGaugeReading("depth_events", "Depth.", {}, [&value] { return value; });
  metrics.AddCounterReading("rejected_total", "Rejected.", {}, [] { return 9.0; });
  EXPECT_THAT(Samples("clientele_profile_depth_events", {&metrics}),
              ElementsAre("clientele_profile_depth_events{clientele_service=\"profile\"} 5"));
  EXPECT_THAT(RenderMetrics({&metrics}),
              HasSubstr("# TYPE clientele_profile_rejected_total counter"));
  value.reset();
  EXPECT_THAT(Samples("clientele_profile_depth_events", {&metrics}), SizeIs(0));
}

TEST(Metrics, ServesTwoServicesOnOnePageWithoutCollision) {
  Metrics profile("profile", "1");
  Metrics loyalty("loyalty", "1");
  GrpcMetrics profile_grpc(profile, GrpcSide::kServer, Methods());
  GrpcMetrics loyalty_grpc(loyalty, GrpcSide::kServer, Methods());
  profile_grpc.ForMethod(kWatch).OnStarted();
  const std::vector<std::string> lines = absl::StrSplit(RenderMetrics({&profile, &loyalty}), '\n');
  std::map<std::string, int> seen;
  for (const std::string& line : lines) {
    const bool is_sample = !line.empty() && line[0] != '#';
    ++seen[is_sample ? line.substr(0, line.rfind(' ')) : line];
  }
  seen.erase("");
  for (const auto& [series, count] : seen) {
    EXPECT_EQ(count, 1) << series;
  }
  EXPECT_THAT(lines, Contains("grpc_server_started_total{clientele_service=\"profile\","
                              "grpc_method=\"Watch\",grpc_service=\"test.v1.EventService\","
                              "grpc_type=\"server_stream\"} 1"));
}

TEST(GrpcMetrics, HasEveryMethodAndCodeAtZeroFromTheStart) {
  Metrics metrics("profile", "1");
  GrpcMetrics grpc(metrics, GrpcSide::kServer, Methods());
  const std::vector<std::string> handled = Samples("grpc_server_handled_total{", {&metrics});
  EXPECT_THAT(handled, SizeIs(3 * 17));
  EXPECT_THAT(handled, Contains("grpc_server_handled_total{clientele_service=\"profile\","
                                "grpc_code=\"InvalidArgument\",grpc_method=\"Get\","
                                "grpc_service=\"test.v1.CustomerService\","
                                "grpc_type=\"unary\"} 0"));
}

TEST(GrpcMetrics, CountsACallUnderItsMethodAndCode) {
  Metrics metrics("profile", "1");
  GrpcMetrics grpc(metrics, GrpcSide::kServer, Methods());
  GrpcMethodMetrics& get = grpc.ForMethod(kGet);
  get.OnStarted();
  get.OnMessageReceived();
  get.OnMessageSent();
  get.OnHandled(absl::StatusCode::kNotFound, 0.004);
  const std::string page = RenderMetrics({&metrics});
  const std::string labels =
      "grpc_method=\"Get\",grpc_service=\"test.v1.CustomerService\",grpc_type=\"unary\"";
  const std::string service = "{clientele_service=\"profile\",";
  EXPECT_THAT(page, HasSubstr(absl::StrCat("handled_total", service, "grpc_code=\"NotFound\",",
                                           labels, "} 1\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("started_total", service, labels, "} 1\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("msg_received_total", service, labels, "} 1\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("msg_sent_total", service, labels, "} 1\n")));
  EXPECT_THAT(page,
              HasSubstr(absl::StrCat("seconds_bucket", service, labels, ",le=\"0.0025\"} 0\n")));
  EXPECT_THAT(page,
              HasSubstr(absl::StrCat("seconds_bucket", service, labels, ",le=\"0.005\"} 1\n")));
}

TEST(GrpcMetrics, CountsMethodsItDoesNotKnowTogether) {
  Metrics metrics("profile", "1");
  GrpcMetrics grpc(metrics, GrpcSide::kServer, Methods());
  grpc.ForMethod("/evil.Service/One").OnHandled(absl::StatusCode::kUnimplemented, 0);
  grpc.ForMethod("").OnHandled(static_cast<absl::StatusCode>(99), 0);
  EXPECT_THAT(
      Samples("grpc_server_handling_seconds_count{", {&metrics}),
      AllOf(SizeIs(3), Contains(AllOf(HasSubstr("grpc_method=\"unknown\""), HasSubstr("} 2")))));
  EXPECT_THAT(RenderMetrics({&metrics}), Not(HasSubstr("evil")));
}

TEST(GrpcMetrics, RefusesAMethodNameThatIsNotOne) {
  Metrics metrics("profile", "1");
  EXPECT_DEATH(GrpcMetrics(metrics, GrpcSide::kServer, {{"Get", GrpcMethodType::kUnary}}),
               "check failed");
}

TEST(GrpcMetrics, SpellsCodesLikeTheEcosystem) {
  EXPECT_EQ(GrpcCodeName(absl::StatusCode::kOk), "OK");
  EXPECT_EQ(GrpcCodeName(absl::StatusCode::kResourceExhausted), "ResourceExhausted");
  EXPECT_EQ(GrpcCodeName(absl::StatusCode::kUnauthenticated), "Unauthenticated");
}

TEST(SqlMetrics, TimesEachStatementByName) {
  Metrics metrics("profile", "1");
  SqlMetrics sql(metrics);
  const auto observer = sql.Observer();
  observer("InsertCustomer", 0.25);
  observer("InsertCustomer", 0.5);
  EXPECT_THAT(Samples("clientele_profile_sql_query_seconds_sum", {&metrics}),
              Contains("clientele_profile_sql_query_seconds_sum{clientele_service=\"profile\","
                       "statement=\"InsertCustomer\"} 0.75"));
}

TEST(SqlMetrics, CountsNamesBeyondTheLimitTogether) {
  Metrics metrics("profile", "1");
  SqlMetrics sql(metrics);
  for (size_t i = 0; i < kSqlStatementNamesMax + 20; ++i) {
    sql.Observe(absl::StrCat("Statement", i), 0.001);
  }
  EXPECT_THAT(Samples("clientele_profile_sql_query_seconds_count", {&metrics}),
              AllOf(SizeIs(kSqlStatementNamesMax),
                    Contains("clientele_profile_sql_query_seconds_count"
                             "{clientele_service=\"profile\",statement=\"other\"} 21")));
}

TEST(SqlMetrics, CountsFromManyThreadsWhileScraped) {
  Metrics metrics("profile", "1");
  SqlMetrics sql(metrics);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&sql] {
      for (int i = 0; i < 200; ++i) {
        sql.Observe(i % 2 == 0 ? "Even" : "Odd", 0.001);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(RenderMetrics({&metrics}).empty());
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(Samples("clientele_profile_sql_query_seconds_count", {&metrics}),
              Contains("clientele_profile_sql_query_seconds_count"
                       "{clientele_service=\"profile\",statement=\"Even\"} 400"));
}

TEST(ProcessMetrics, ParsesANameWithSpacesAndParentheses) {
  const auto stat = ParseProcessStat(
      "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 9000 12582912 321 "
      "1844\n");
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->cpu_ticks, 300);
  EXPECT_EQ(stat->start_ticks, 9000);
  EXPECT_EQ(stat->virtual_bytes, 12582912);
  EXPECT_EQ(stat->resident_pages, 321);
}

TEST(ProcessMetrics, RefusesTextOfAnotherForm) {
  EXPECT_FALSE(ParseProcessStat("").has_value());
  EXPECT_FALSE(ParseProcessStat("42 (x) S 1 2 3").has_value());
  EXPECT_FALSE(ParseProcessStat("42 x S 1 42 42 0 -1 4194560").has_value());
}

TEST(ProcessMetrics, ReadsThisProcess) {
  ProcessMetrics process;
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : process.Collect()) {
    values[family.name] = family.metric.at(0).gauge.value;
  }
  EXPECT_GT(values["process_resident_memory_bytes"], 100000);
  EXPECT_THAT(values["process_open_fds"], Ge(3));
  EXPECT_GT(values["process_start_time_seconds"], 1.6e9);
}

TEST(ProcessMetrics, LeavesOutWhatItCannotRead) {
  ProcessMetrics process("/nonexistent");
  EXPECT_THAT(ListMetrics({&process}), ElementsAre("gauge process_max_fds{}"));
}

}  // namespace
}  // namespace clientele
