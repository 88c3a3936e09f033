#include "common/observability/log.h"

#include <unistd.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/observability/log_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// 2011-12-10 08:26:00.000001 UTC.
const absl::Time kNow = absl::FromUnixMicros(1323505560000001);

class CollectingSink final : public LogSink {
 public:
  void Write(absl::string_view line) override {
    std::lock_guard<std::mutex> lock(mutex_);
    lines_.emplace_back(line);
  }
  std::vector<std::string> lines() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class LogTest : public ::testing::Test {
 protected:
  static LogOptions Options() {
    LogOptions options;
    options.service = "profile";
    options.repeats = {.per_interval_max = 2, .interval = absl::Seconds(10)};
    return options;
  }
  static std::string Format(absl::string_view message, absl::Span<const LogField> fields) {
    return FormatLogLine({kNow, LogLevel::kInfo, "profile", "test", message}, fields, 0);
  }

  FakeClock clock_{kNow};
  CollectingSink sink_;
  Logger logger_{Options(), clock_, sink_};
};

TEST_F(LogTest, WritesFixedKeysThenTypedFieldsOnOneLine) {
  logger_.Warn("feed_reconnect", "the feed is \"unreachable\"",
               {{"source", "profile"}, {"attempt", 3}, {"wait_seconds", 0.25}, {"last", true}});
  EXPECT_THAT(sink_.lines(),
              ElementsAre("{\"time\":\"2011-12-10T08:26:00.000001Z\",\"level\":\"warn\","
                          "\"service\":\"profile\",\"event\":\"feed_reconnect\","
                          "\"message\":\"the feed is \\\"unreachable\\\"\",\"source\":\"profile\","
                          "\"attempt\":3,\"wait_seconds\":0.25,\"last\":true}\n"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevelUntilTheLevelChanges) {
  logger_.Debug("cache", "miss");
  EXPECT_THAT(sink_.lines(), SizeIs(0));
  EXPECT_FALSE(logger_.IsEnabled(LogLevel::kDebug));
  logger_.SetLevel(LogLevel::kDebug);
  logger_.Debug("cache", "miss");
  EXPECT_THAT(sink_.lines(), SizeIs(1));
}

TEST_F(LogTest, SuppressesRepeatsAndSaysHowManyInTheNextLine) {
  for (int i = 0; i < 7; ++i) {
    logger_.Error("sql", "the disk is full", {{"attempt", i}});
  }
  logger_.Error("sql", "another message");
  EXPECT_THAT(sink_.lines(), SizeIs(3));
  clock_.Advance(absl::Seconds(10));
  logger_.Error("sql", "the disk is full", {{"attempt", 8}});
  ASSERT_THAT(sink_.lines(), SizeIs(4));
  const nlohmann::json line = nlohmann::json::parse(sink_.lines()[3]);
  EXPECT_EQ(line["suppressed"], 5);
  EXPECT_EQ(line["attempt"], 8);
}

TEST_F(LogTest, LimitsRepeatsOfEachKindByItself) {
  for (int i = 0; i < 7; ++i) {
    logger_.LogOfKind(LogLevel::kInfo, "rpc", "call ended", "GetThing NotFound", {});
    logger_.LogOfKind(LogLevel::kDebug, "rpc", "call ended", "ListThings NotFound", {});
  }
  EXPECT_THAT(sink_.lines(), SizeIs(2));
  logger_.LogOfKind(LogLevel::kInfo, "rpc", "call ended", "GetThing Aborted", {});
  EXPECT_THAT(sink_.lines(), SizeIs(3));
  clock_.Advance(absl::Seconds(10));
  logger_.LogOfKind(LogLevel::kInfo, "rpc", "call ended", "GetThing NotFound", {});
  ASSERT_THAT(sink_.lines(), SizeIs(4));
  EXPECT_EQ(nlohmann::json::parse(sink_.lines()[3])["suppressed"], 5);
}

TEST_F(LogTest, StartsANewIntervalWhenTheClockIsSetBack) {
  for (int i = 0; i < 3; ++i) {
    logger_.Info("job", "done");
  }
  clock_.Advance(absl::Hours(-1));
  logger_.Info("job", "done");
  EXPECT_THAT(sink_.lines(), SizeIs(3));
}

TEST_F(LogTest, NeverSuppressesWhatHasToBeComplete) {
  for (int i = 0; i < 50; ++i) {
    logger_.LogEvery(LogLevel::kInfo, "call", "handled", {{"code", "OK"}});
  }
  logger_.LogEvery(LogLevel::kDebug, "call", "handled", {});
  EXPECT_THAT(sink_.lines(), SizeIs(50));
}

TEST_F(LogTest, SharesOneBudgetOnceThereAreTooManyKinds) {
  for (size_t i = 0; i < kRepeatKindsMax + 10; ++i) {
    logger_.Info("kind", absl::StrCat("message ", i));
  }
  EXPECT_THAT(sink_.lines(), SizeIs(kRepeatKindsMax + 2));
}

TEST_F(LogTest, ReplacesBytesThatAreNotUtf8) {
  const std::string line = Format("ok", {{"value", absl::string_view("a\xff\n\0z", 5)}});
  EXPECT_EQ(nlohmann::json::parse(line)["value"], std::string("a\xEF\xBF\xBD\n\0z", 7));
}

TEST_F(LogTest, CutsALongValueEvenWhenItGrowsByEscaping) {
  const std::string line = Format("ok", {{"value", std::string(100000, '\x01')}});
  EXPECT_LE(line.size(), 2u * kLogValueBytesMax);
  const nlohmann::json json = nlohmann::json::parse(line);
  EXPECT_EQ(json["truncated"], true);
  EXPECT_GE(json["value"].get<std::string>().size(), 100u);
}

TEST_F(LogTest, LeavesOutFieldsThatNoLongerFitTheLine) {
  const std::string value(kLogValueBytesMax, 'x');
  const std::vector<LogField> fields(40, LogField("value", value));
  const std::string line = Format(value, fields);
  EXPECT_LE(line.size(), static_cast<size_t>(kLogLineBytesMax));
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(nlohmann::json::parse(line)["truncated"], true);
}

TEST_F(LogTest, WritesNullForNumbersJsonDoesNotHave) {
  const std::string line = Format("ok", {{"ratio", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_TRUE(nlohmann::json::parse(line)["ratio"].is_null());
}

TEST_F(LogTest, KeepsTheWholeRangeOfIntegers) {
  const std::string line = Format("ok", {{"low", std::numeric_limits<int64_t>::min()}});
  EXPECT_EQ(nlohmann::json::parse(line)["low"], std::numeric_limits<int64_t>::min());
}

TEST_F(LogTest, RefusesKeysThatAreNotWordsOrAreTaken) {
  EXPECT_DEATH(Format("ok", {{"Given Name", "x"}}), "check failed");
  EXPECT_DEATH(Format("ok", {{"time", "x"}}), "check failed");
  EXPECT_DEATH(logger_.Info("Not A Word", "x"), "check failed");
}

TEST_F(LogTest, NamesEveryLevelBothWays) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    EXPECT_EQ(LogLevelFromName(LogLevelName(level)), level);
  }
  EXPECT_EQ(LogLevelFromName("verbose"), std::nullopt);
}

TEST(FdLogSink, WritesWholeLinesFromManyThreads) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FdLogSink sink(ends[1]);
  SystemClock clock;
  LogOptions options;
  options.service = "profile";
  options.repeats.per_interval_max = 0;
  Logger logger(options, clock, sink);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger, t] {
      for (int i = 0; i < 50; ++i) {
        logger.Info("write", "from a thread", {{"thread", t}, {"turn", i}});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = read(ends[0], buffer, sizeof(buffer)); n > 0;
       n = read(ends[0], buffer, sizeof(buffer))) {
    text.append(buffer, static_cast<size_t>(n));
  }
  close(ends[0]);
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(200));
  for (const std::string& line : lines) {
    EXPECT_EQ(nlohmann::json::parse(line)["event"], "write");
  }
}

}  // namespace
}  // namespace clientele
