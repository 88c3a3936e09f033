#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/config/config_load.h"
#include "common/config/config_print.h"
#include "common/config/config_schema.h"
#include "common/config/service_link.h"
#include "common/config/yaml_entries.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct TestConfig {
  int64_t executor_threads = 8;
  double sample_ratio = 0.25;
  bool reflection = true;
  absl::Duration drain_delay = absl::Seconds(5);
  std::string level = "info";
  std::string data_dir = "/var/lib";
  std::string key_file;
  std::vector<std::string> peers;

  bool operator==(const TestConfig&) const = default;
};

class ConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/config_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    AddKeys(schema_, config_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static void AddKeys(ConfigSchema& schema, TestConfig& config) {
    schema.Add(
        "rpc.executor_threads", &config.executor_threads,
        IntegerKey{.doc = "Threads that run handlers.", .min = 1, .max = 64, .unit = "threads"});
    schema.Add("rpc.reflection", &config.reflection, BoolKey{.doc = "Serves reflection."});
    schema.Add("rpc.drain.delay", &config.drain_delay,
               DurationKey{.doc = "Wait before a drain.", .max = absl::Minutes(1)});
    schema.Add("log.sample_ratio", &config.sample_ratio,
               NumberKey{.doc = "Share of reads logged.", .min = 0, .max = 1});
    schema.Add("log.level", &config.level,
               TextKey{.doc = "Least level.", .allowed = {"debug", "info", "warn"}});
    schema.Add(
        "data_dir", &config.data_dir,
        TextKey{.doc = "Folder of the data.", .kind = TextKey::Kind::kPath, .bytes_max = 100});
    schema.Add("page_token_key_file", &config.key_file,
               TextKey{.doc = "File of the key.", .kind = TextKey::Kind::kSecretFile});
    schema.Add("peers", &config.peers, ListKey{.doc = "Addresses of peers.", .items_max = 3});
  }

  // Writes the YAML into a file and loads it, with the other sources as they are set.
  absl::Status LoadYaml(const std::string& yaml) {
    sources_.yaml_path = folder_ + "/p.yaml";
    std::ofstream(sources_.yaml_path, std::ios::binary) << yaml;
    return LoadConfig(schema_, sources_);
  }

  // The violations as "origin: text", the folder left out.
  std::vector<std::string> Violations(const absl::Status& status) const {
    std::vector<std::string> lines;
    const auto details = GetErrorDetails(status);
    for (const FieldViolation& v : details.value_or(ErrorDetails()).field_violations) {
      const std::string prefix = folder_ + "/";
      const bool is_file = v.field.rfind(prefix, 0) == 0;
      lines.push_back(
          absl::StrCat(is_file ? v.field.substr(prefix.size()) : v.field, ": ", v.description));
    }
    return lines;
  }

  std::string folder_;
  TestConfig config_;
  ConfigSchema schema_{"profile"};
  ConfigSources sources_;
};

TEST_F(ConfigTest, WorksWithoutAnySource) {
  EXPECT_TRUE(LoadConfig(schema_, sources_).ok());
  EXPECT_EQ(config_, TestConfig());
}

TEST_F(ConfigTest, ReadsEveryTypeFromYaml) {
  const absl::Status status = LoadYaml(R"(
rpc:
  executor_threads: 4
  reflection: false
  drain:
    delay: 1m
log: {sample_ratio: 1, level: "warn"}
data_dir: /data
page_token_key_file: /run/secrets/key
peers:
  - 127.0.0.1:7001
  - 127.0.0.1:7002
)");
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(config_.executor_threads, 4);
  EXPECT_FALSE(config_.reflection);
  EXPECT_EQ(config_.drain_delay, absl::Minutes(1));
  EXPECT_EQ(config_.sample_ratio, 1.0);
  EXPECT_EQ(config_.level, "warn");
  EXPECT_EQ(config_.data_dir, "/data");
  EXPECT_EQ(config_.key_file, "/run/secrets/key");
  EXPECT_THAT(config_.peers, ElementsAre("127.0.0.1:7001", "127.0.0.1:7002"));
}

TEST_F(ConfigTest, LetsFlagsWinOverTheEnvironmentOverTheFile) {
  sources_.environment = {{"CLIENTELE_PROFILE_RPC_EXECUTOR_THREADS", "5"},
                          {"CLIENTELE_PROFILE_LOG_LEVEL", "debug"},
                          {"CLIENTELE_PROFILE_PEERS", "a:1, b:2"}};
  sources_.flags = {{"rpc.executor_threads", "6"}};
  const absl::Status status = LoadYaml(
      "rpc: {executor_threads: 4}\nlog: {level: warn}\n"
      "peers: [c:3]\ndata_dir: /data\n");
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(config_.executor_threads, 6);
  EXPECT_EQ(config_.level, "debug");
  EXPECT_EQ(config_.data_dir, "/data");
  EXPECT_THAT(config_.peers, ElementsAre("a:1", "b:2"));
}

TEST_F(ConfigTest, TakesOnlyTheNamedKeysAnewAndTellsTheOthersThatDiffer) {
  const std::vector<absl::string_view> names = {"log.level", "log.sample_ratio"};
  sources_.flags = {{"data_dir", "/data"}};
  ASSERT_TRUE(LoadYaml("log: {level: warn, sample_ratio: 1}\npeers: [a]\n").ok());
  EXPECT_THAT(*ReloadConfig(schema_, sources_, names, absl::OkStatus), IsEmpty());
  std::ofstream(sources_.yaml_path) << "log: {level: debug}\nrpc: {reflection: false}\n";
  EXPECT_THAT(*ReloadConfig(schema_, sources_, names, absl::OkStatus),
              ElementsAre("peers", "rpc.reflection"));
  EXPECT_EQ(config_.level, "debug");
  EXPECT_EQ(config_.sample_ratio, 0.25);  // the default again
  EXPECT_TRUE(config_.reflection);
  EXPECT_THAT(config_.peers, ElementsAre("a"));
  const TestConfig before = config_;
  std::ofstream(sources_.yaml_path) << "log: {level: warn}\nunknown: 1\n";
  EXPECT_EQ(ReloadConfig(schema_, sources_, names, absl::OkStatus).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(config_, before);
}

TEST_F(ConfigTest, PutsBackWhatWasWhenWhatItTookAnewIsNotApproved) {
  ASSERT_TRUE(LoadYaml("log: {level: warn, sample_ratio: 1}\ndata_dir: /data\n").ok());
  const TestConfig before = config_;
  std::ofstream(sources_.yaml_path) << "log: {level: debug}\ndata_dir: /data\n";
  const auto reloaded = ReloadConfig(
      schema_, sources_, std::vector<absl::string_view>{"log.level", "log.sample_ratio"},
      [this] { return absl::InvalidArgumentError(config_.level + " is too much"); });
  EXPECT_EQ(reloaded.status().message(), "debug is too much");
  EXPECT_EQ(config_, before);
}

TEST_F(ConfigTest, NamesTheNearestKeyOfAnUnknownOne) {
  sources_.environment = {{"CLIENTELE_PROFILE_LOG_LEVL", "info"}};
  sources_.flags = {{"rpc.reflexion", "true"}};
  EXPECT_THAT(
      Violations(LoadYaml("data_dir: /d\nrpc:\n  executor_thread: 4\nxyzzy: 1\n")),
      ElementsAre(
          "p.yaml:3: there is no key 'rpc.executor_thread'; did you mean "
          "'rpc.executor_threads'?",
          "p.yaml:4: there is no key 'xyzzy'",
          "CLIENTELE_PROFILE_LOG_LEVL: there is no variable 'CLIENTELE_PROFILE_LOG_LEVL'; did "
          "you mean 'CLIENTELE_PROFILE_LOG_LEVEL'?",
          "--set rpc.reflexion: there is no key 'rpc.reflexion'; did you mean 'rpc.reflection'?"));
}

TEST_F(ConfigTest, ChangesNothingWhenAnythingIsWrong) {
  EXPECT_FALSE(LoadYaml("data_dir: /data\nlog: {level: loud}\n").ok());
  EXPECT_EQ(config_, TestConfig());
}

TEST_F(ConfigTest, RefusesValuesOfTheWrongTypeOrOutOfRange) {
  const struct {
    const char* yaml;
    const char* violation;
  } cases[] = {
      {"rpc: {executor_threads: 0}",
       "rpc.executor_threads must be a whole number between 1 and 64 threads, not \"0\""},
      {"rpc: {executor_threads: 65}", "between 1 and 64 threads, not \"65\""},
      {"rpc: {executor_threads: 4.5}", "not \"4.5\""},
      {"rpc: {executor_threads: \"4\"}", "rpc.executor_threads must be a whole number"},
      {"rpc: {executor_threads: 99999999999999999999}", "must be a whole number"},
      {"rpc: {executor_threads: [4]}", "must be a whole number"},
      {"rpc: {reflection: yes}", "rpc.reflection must be true or false, not \"yes\""},
      {"rpc: {drain: {delay: 5}}", "rpc.drain.delay must be a duration such as 500ms"},
      {"rpc: {drain: {delay: 61s}}", "between 0 and 1m, not \"61s\""},
      {"rpc: {drain: {delay: -1s}}", "must be a duration"},
      {"rpc: {drain: {delay: inf}}", "must be a duration"},
      {"log: {sample_ratio: 1.5}", "log.sample_ratio must be a number between 0.0 and 1.0"},
      {"log: {sample_ratio: nan}", "must be a number"},
      {"log: {level: loud}", "log.level must be one of debug, info, warn"},
      {"data_dir: \"a\\nb\"", "data_dir must be a path of at most 100 bytes"},
      {"peers: [a, b, c, d]", "peers must be a list of at most 3 texts"},
      {"peers: [[a]]", "'peers' must be a list of plain values"},
      {"rpc: 4", "'rpc' is a section, not a key"},
      {"data_dir: {a: 1}", "there is no key 'data_dir.a'"},
      {"- a\n- b", "must be keys with values"},
      {"just words", "must be keys with values"},
      {"{a: 1}: 2", "a key must be a plain word"},
      {"data_dir: /a\n---\ndata_dir: /b", "there must be only one document"},
  };
  for (const auto& c : cases) {
    const std::vector<std::string> violations = Violations(LoadYaml(c.yaml));
    ASSERT_THAT(violations, SizeIs(1)) << c.yaml;
    EXPECT_THAT(violations[0], HasSubstr(c.violation)) << c.yaml;
  }
  EXPECT_EQ(config_, TestConfig());
}

TEST_F(ConfigTest, RefusesTextThatIsNotUtf8FromTheEnvironment) {
  sources_.environment = {{"CLIENTELE_PROFILE_DATA_DIR", "/\xff"}};
  EXPECT_THAT(Violations(LoadConfig(schema_, sources_)),
              ElementsAre("CLIENTELE_PROFILE_DATA_DIR: data_dir must be a path of at most 100 "
                          "bytes"));
}

TEST_F(ConfigTest, TakesAKeyWithoutValueAsAbsent) {
  EXPECT_TRUE(LoadYaml("rpc:\nlog:\n  level:\n  sample_ratio: ~\n").ok());
  EXPECT_EQ(config_, TestConfig());
  EXPECT_TRUE(LoadYaml("").ok());
  EXPECT_TRUE(LoadYaml("# only a comment\n").ok());
  EXPECT_THAT(Violations(LoadYaml("rcp:\n")), SizeIs(1));
}

TEST_F(ConfigTest, RefusesAKeyThatIsGivenTwice) {
  EXPECT_THAT(Violations(LoadYaml("data_dir: /a\nlog: {level: info}\ndata_dir: /b\n")),
              ElementsAre("p.yaml:3: 'data_dir' is given twice, first in line 1"));
  EXPECT_THAT(Violations(LoadYaml("rpc:\n  drain: {delay: 1s}\nrpc.drain.delay: 2s\n")),
              ElementsAre("p.yaml:3: 'rpc.drain.delay' is given twice, first in line 2"));
}

TEST_F(ConfigTest, SaysWhereYamlIsMalformed) {
  const std::vector<std::string> violations =
      Violations(LoadYaml("data_dir: /a\nlog: {level: info\n"));
  ASSERT_THAT(violations, SizeIs(1));
  EXPECT_THAT(violations[0], HasSubstr("p.yaml:2: "));
  EXPECT_FALSE(LoadYaml("a: *nothing\n").ok());
  EXPECT_THAT(Violations(LoadYaml("data_dir: \"abc\nlog:\n  level: info\n\n")),
              ElementsAre("p.yaml:3: illegal EOF in scalar"));
  EXPECT_THAT(Violations(LoadYaml("data_dir: \xff\xfe\n")),
              ElementsAre("p.yaml:1: the file is not UTF-8"));
}

TEST_F(ConfigTest, SurvivesBillionLaughsAndEndlessNesting) {
  std::string laughs = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 12; ++i) {
    absl::StrAppend(&laughs, "a", i, ": &a", i, " {");
    for (int j = 0; j < 9; ++j) {
      absl::StrAppend(&laughs, "k", j, ": *a", i - 1, ", ");
    }
    absl::StrAppend(&laughs, "}\n");
  }
  EXPECT_FALSE(LoadYaml(laughs).ok());
  EXPECT_FALSE(LoadYaml("a: &a {b: *a}\n").ok());
  EXPECT_FALSE(LoadYaml(std::string(100000, '[')).ok());
  EXPECT_FALSE(LoadYaml(std::string(100000, '{')).ok());
  EXPECT_THAT(Violations(LoadYaml(std::string(kConfigFileBytesMax + 1, '#'))),
              ElementsAre(HasSubstr("the file is larger than")));
}

TEST_F(ConfigTest, SaysThatAFileCannotBeRead) {
  sources_.yaml_path = folder_ + "/missing.yaml";
  EXPECT_THAT(Violations(LoadConfig(schema_, sources_)),
              ElementsAre("missing.yaml: the configuration file cannot be read"));
  sources_.yaml_path = folder_;
  EXPECT_FALSE(LoadConfig(schema_, sources_).ok());
}

TEST_F(ConfigTest, NeverRepeatsATextThatMayBeASecret) {
  sources_.environment = {{"CLIENTELE_PROFILE_PAGE_TOKEN_KEY_FILE", std::string(5000, 's')},
                          {"CLIENTELE_PROFILE_LOG_LEVEL", "hunter2"}};
  const absl::Status status = LoadConfig(schema_, sources_);
  EXPECT_THAT(Violations(status), SizeIs(2));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("sss")));
}

TEST_F(ConfigTest, IgnoresVariablesOfOthersAndOfKubernetesServices) {
  sources_.environment = {
      {"PATH", "/bin"},
      {"CLIENTELE_LOYALTY_LOG_LEVL", "info"},
      {"CLIENTELE_PROFILE_SERVICE_HOST", "10.0.0.1"},
      {"CLIENTELE_PROFILE_SERVICE_PORT", "7001"},
      {"CLIENTELE_PROFILE_SERVICE_PORT_GRPC", "7001"},
      {"CLIENTELE_PROFILE_PORT", "tcp://10.0.0.1:7001"},
      {"CLIENTELE_PROFILE_PORT_7001_TCP_ADDR", "10.0.0.1"},
  };
  const absl::Status status = LoadConfig(schema_, sources_);
  EXPECT_TRUE(status.ok()) << status;
  sources_.environment = {{"CLIENTELE_PROFILE_PORT", "7001"}};
  EXPECT_FALSE(LoadConfig(schema_, sources_).ok());
}

TEST_F(ConfigTest, PrintsWhatIsInEffectSoThatItLoadsAgain) {
  config_.executor_threads = 12;
  config_.sample_ratio = 0.1;
  config_.peers = {"a:1", "b \"2\""};
  config_.data_dir = "/with: odd # text";
  const TestConfig before = config_;
  const std::string yaml = PrintEffectiveConfig(schema_, ConfigReader::kOperator);
  EXPECT_THAT(yaml, HasSubstr("rpc:\n  drain:\n    # Wait before a drain.\n"));
  EXPECT_THAT(yaml, HasSubstr("  # Threads that run handlers.\n"
                              "  # Is a whole number between 1 and 64 threads; default 8. "
                              "CLIENTELE_PROFILE_RPC_EXECUTOR_THREADS\n"
                              "  executor_threads: 12\n"));
  config_ = TestConfig();
  const absl::Status status = LoadYaml(yaml);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(config_, before);
}

TEST_F(ConfigTest, RedactsSecretsWhereverItPrints) {
  config_.key_file = "/run/secrets/key";
  EXPECT_THAT(PrintEffectiveConfig(schema_, ConfigReader::kOperator),
              Not(HasSubstr("/run/secrets")));
  EXPECT_THAT(PrintEffectiveConfig(schema_, ConfigReader::kOperator),
              HasSubstr("page_token_key_file: \"<redacted>\"\n"));
  config_.key_file = "";
  EXPECT_THAT(PrintEffectiveConfig(schema_, ConfigReader::kOperator),
              HasSubstr("page_token_key_file: \"\"\n"));
}

TEST_F(ConfigTest, DescribesItselfAsAClosedJsonSchema) {
  const nlohmann::json json = nlohmann::json::parse(ConfigJsonSchema(schema_));
  EXPECT_EQ(json["additionalProperties"], false);
  EXPECT_EQ(json["properties"]["rpc"]["additionalProperties"], false);
  const nlohmann::json threads = json["properties"]["rpc"]["properties"]["executor_threads"];
  EXPECT_EQ(threads["type"], "integer");
  EXPECT_EQ(threads["minimum"], 1);
  EXPECT_EQ(threads["maximum"], 64);
  EXPECT_EQ(threads["default"], 8);
  EXPECT_EQ(json["properties"]["rpc"]["properties"]["drain"]["properties"]["delay"]["default"],
            "5s");
  EXPECT_EQ(json["properties"]["log"]["properties"]["level"]["enum"][2], "warn");
  EXPECT_EQ(json["properties"]["peers"]["maxItems"], 3);
  EXPECT_FALSE(json["properties"]["page_token_key_file"].contains("default"));
}

TEST(ConfigSchema, RefusesKeysThatClash) {
  ConfigSchema schema("profile");
  bool value = false;
  int64_t count = 0;
  schema.Add("rpc.drain", &value, BoolKey{.doc = "Drains."});
  const auto add = [&](absl::string_view name) {
    schema.Add(name, &value, BoolKey{.doc = "A key."});
  };
  EXPECT_DEATH(add("rpc.drain"), "check failed");
  EXPECT_DEATH(add("rpc"), "check failed");
  EXPECT_DEATH(add("rpc.drain.delay"), "check failed");
  EXPECT_DEATH(add("rpc_drain"), "check failed");
  EXPECT_DEATH(add("Rpc.other"), "check failed");
  EXPECT_DEATH(add("rpc..other"), "check failed");
  EXPECT_DEATH(add("rpc.service_host"), "check failed");
  EXPECT_DEATH(
      schema.Add("count", &count, IntegerKey{.doc = "Zero is too few.", .min = 1, .max = 2}),
      "check failed");
}

TEST(ServiceLink, IsToldFromOurOwnVariables) {
  EXPECT_TRUE(IsServiceLink("CLIENTELE_PROFILE_GRPC_SERVICE_HOST", "10.0.0.1"));
  EXPECT_TRUE(IsServiceLink("CLIENTELE_PROFILE_PORT_7001_UDP_PROTO", "udp"));
  EXPECT_TRUE(IsServiceLink("CLIENTELE_PROFILE_OPS_PORT", "tcp://10.0.0.1:9001"));
  EXPECT_FALSE(IsServiceLink("CLIENTELE_PROFILE_OPS_PORT", "9001"));
  EXPECT_FALSE(IsServiceLink("CLIENTELE_PROFILE_PORT_RANGE", "1"));
}

TEST(ProcessEnvironment, HoldsTheVariablesOfThisProcess) {
  EXPECT_THAT(ProcessEnvironment()["PATH"], HasSubstr("/bin"));
}

}  // namespace
}  // namespace clientele
