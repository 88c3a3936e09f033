#include "cli/commands/generate.h"

#include <cstdlib>
#include <filesystem>

#include "cli/import/test_files.h"
#include "cli/testing/command_run.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GenerateCommandTest : public testing::Test {
 protected:
  GenerateCommandTest() : dir_(testing::TempDir() + "clientele-generate-XXXXXX") {
    CLIENTELE_CHECK(mkdtemp(dir_.data()) != nullptr);
  }
  ~GenerateCommandTest() override { std::filesystem::remove_all(dir_); }

  CommandResult Generate(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"generate", "--out", dir_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele(arguments);
  }

  std::string dir_;
};

TEST_F(GenerateCommandTest, WritesTheFilesAndSaysHowMuchIsInThem) {
  const CommandResult result = Generate({"--customers", "20", "--seed", "1", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(result.Json()["customers"], 20);
  EXPECT_EQ(result.Json()["until"], "2025-12-31");
  EXPECT_GE(result.Json()["orders"], 20);
  EXPECT_GE(result.Json()["lines"], result.Json()["orders"]);
  const std::string purchases = ReadWholeFile(dir_ + "/purchases.csv");
  EXPECT_EQ(std::count(purchases.begin(), purchases.end(), '\n') - 1, result.Json()["lines"]);
}

TEST_F(GenerateCommandTest, PrintsATableForPeople) {
  const CommandResult result = Generate({"--customers", "20", "--seed", "1"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, HasSubstr("customers.csv   customers"));
  EXPECT_THAT(result.out, HasSubstr("written to " + dir_));
}

TEST_F(GenerateCommandTest, EndsOnTheDayItIsTold) {
  ASSERT_EQ(Generate({"--customers", "200", "--seed", "1", "--until", "2020-02-29"}).exit_code,
            kExitOk);
  const std::string purchases = ReadWholeFile(dir_ + "/purchases.csv");
  EXPECT_THAT(purchases, HasSubstr(",2020-02-"));
  EXPECT_THAT(purchases, testing::Not(HasSubstr(",2020-03-")));
}

TEST_F(GenerateCommandTest, RefusesToReplaceFiles) {
  ASSERT_EQ(Generate({"--customers", "5", "--seed", "1"}).exit_code, kExitOk);
  const std::string before = ReadWholeFile(dir_ + "/purchases.csv");
  const CommandResult again = Generate({"--customers", "9", "--seed", "1"});
  EXPECT_EQ(again.exit_code, kExitError);
  EXPECT_EQ(again.err,
            "clientele: '" + dir_ + "/customers.csv' is there already; nothing changed\n");
  EXPECT_EQ(ReadWholeFile(dir_ + "/purchases.csv"), before);
}

TEST_F(GenerateCommandTest, WrongOptionsAreUsageErrors) {
  EXPECT_EQ(Generate({"--seed", "1"}).exit_code, kExitUsage);
  EXPECT_EQ(Generate({"--customers", "0", "--seed", "1"}).exit_code, kExitUsage);
  EXPECT_EQ(Generate({"--customers", "10000000", "--seed", "1"}).exit_code, kExitUsage);
  EXPECT_EQ(Generate({"--customers", "5", "--seed", "-1"}).exit_code, kExitUsage);
  EXPECT_EQ(Generate({"--customers", "5", "--seed", "1", "--until", "2025-02-30"}).exit_code,
            kExitUsage);
  EXPECT_EQ(RunClientele({"generate", "--customers", "5", "--seed", "1"}).exit_code, kExitUsage);
}

TEST(GenerateHelp, HasTheHeaderOfEachFile) {
  const CommandResult result = RunClientele({"generate", "--help"});
  EXPECT_EQ(result.exit_code, kExitOk);
  for (const char* header : {"customer,kind,", "order_number,customer,",
                             "order_number,refund_number,", "complaint,customer,"}) {
    EXPECT_THAT(result.out, HasSubstr(header));
  }
}

}  // namespace
}  // namespace clientele::cli
