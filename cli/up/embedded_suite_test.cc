#include "cli/up/embedded_suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/up/taken_port.h"
#include "common/config/config_print.h"
#include "common/server/server_config.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The answer to GET `path` of the ops port at `address`, headers included; "" when nobody answers.
std::string HttpGet(const std::string& address, const std::string& path) {
  int port = 0;
  CLIENTELE_CHECK(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n");
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0 &&
      send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t n = recv(fd, buffer, sizeof(buffer), 0); n > 0;
         n = recv(fd, buffer, sizeof(buffer), 0)) {
      answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(fd);
  return answer;
}

// A line of text as the page shows it.
std::string Setting(absl::string_view key, absl::string_view value) {
  return absl::StrCat(key, ": \"", value, "\"\n");
}

class EmbeddedSuiteTest : public testing::Test {
 protected:
  EmbeddedSuiteTest() : data_dir_(testing::TempDir() + "clientele-up-XXXXXX") {
    CLIENTELE_CHECK(mkdtemp(data_dir_.data()) != nullptr);
    auto suite = EmbeddedSuite::Start({.data_dir = data_dir_, .first_port = 0});
    CLIENTELE_CHECK(suite.ok());
    suite_ = *std::move(suite);
    addresses_.insert(suite_->addresses().begin(), suite_->addresses().end());
  }
  ~EmbeddedSuiteTest() override {
    suite_.reset();
    std::filesystem::remove_all(data_dir_);
  }

  std::string data_dir_;
  std::unique_ptr<EmbeddedSuite> suite_;
  std::map<std::string, std::string> addresses_;
};

TEST_F(EmbeddedSuiteTest, ShowsTheSettingsOfEveryServiceAsTheyAre) {
  const std::string page = HttpGet(addresses_["ops"], "/config");
  EXPECT_THAT(page, AllOf(HasSubstr("# Configuration of clientele-profile\n"),
                          HasSubstr("# Configuration of clientele-segmentation\n"),
                          HasSubstr(Setting("data_dir", data_dir_))));
  // With the ports that were picked.
  EXPECT_THAT(page, AllOf(HasSubstr(Setting("address", addresses_["profile"])),
                          HasSubstr(Setting("address", addresses_["segmentation"])),
                          HasSubstr("port: " + addresses_["ops"].substr(sizeof("127.0.0.1")))));
}

TEST_F(EmbeddedSuiteTest, LeavesNoAddressesBehindWhereNothingServesAnyMore) {
  const EndpointOptions options{.server = "", .data_dir = data_dir_};
  EXPECT_EQ(*ResolveEndpoint(options, kProfile), addresses_["profile"]);
  suite_->Stop();
  EXPECT_TRUE(absl::IsNotFound(ResolveEndpoint(options, kProfile).status()));
  // Whoever serves there next tells of his own.
  ASSERT_TRUE(WriteEndpoints(data_dir_, {{kProfile, "127.0.0.1:5"}}).ok());
  suite_->Stop();
  EXPECT_EQ(*ResolveEndpoint(options, kProfile), "127.0.0.1:5");
}

TEST_F(EmbeddedSuiteTest, ATakenPortIsKnownAsSuch) {
  int port = 0;
  CLIENTELE_CHECK(absl::SimpleAtoi(addresses_["ops"].substr(sizeof("127.0.0.1")), &port));
  // Once for a service, once for ops.
  for (const int first_port : {port, port - 4}) {
    std::string other_dir = testing::TempDir() + "clientele-up-XXXXXX";
    CLIENTELE_CHECK(mkdtemp(other_dir.data()) != nullptr);
    const auto other = EmbeddedSuite::Start({.data_dir = other_dir, .first_port = first_port});
    EXPECT_THAT(std::string(WithRemedyForTakenPort(other.status(), "try another").message()),
                testing::EndsWith(": try another"));
    std::filesystem::remove_all(other_dir);
  }
  EXPECT_EQ(WithRemedyForTakenPort(absl::UnavailableError("away"), "try another").message(),
            "away");
}

TEST_F(EmbeddedSuiteTest, KeepsSecretsOutOfTheSettings) {
  const std::string page = HttpGet(addresses_["ops"], "/config");
  EXPECT_THAT(page, AllOf(HasSubstr(Setting("key_file", kRedacted)),
                          Not(HasSubstr(server::KeyPath(data_dir_)))));
}

}  // namespace
}  // namespace clientele::cli
