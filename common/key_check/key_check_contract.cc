#include "common/key_check/key_check_contract.h"

#include <string>
#include <thread>
#include <vector>

#include "common/key_check/key_check.h"
#include "gmock/gmock.h"

namespace clientele::key_check {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr sql::Statement kSelectRows = {"SelectRows",
                                        "SELECT fingerprint, create_time FROM key_fingerprint"};

SecretKey KeyOf(char fill) { return *SecretKey::FromBytes(std::string(kSecretKeyBytes, fill)); }

}  // namespace

TEST_P(KeyCheckContract, KnowsTheFirstKeyFromThenOnAndRefusesEveryOther) {
  ASSERT_EQ(CheckKey(*database_, KeyOf('a'), "/a/key", kNow), absl::OkStatus());
  const absl::Status refused = CheckKey(*database_, KeyOf('b'), "/b/key", kNow);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("the key in /b/key is not the one"), HasSubstr("docs/backup.md")));
  EXPECT_EQ(CheckKey(*database_, KeyOf('a'), "/c/key", kNow + absl::Hours(1)), absl::OkStatus());
}

TEST_P(KeyCheckContract, OfServersThatStartAtOnceAllFindOneKey) {
  constexpr int kServerCount = 8;
  std::vector<absl::Status> found(kServerCount);
  std::vector<std::thread> servers;
  servers.reserve(kServerCount);
  for (int i = 0; i < kServerCount; ++i) {
    servers.emplace_back([this, &found, i] {
      found[i] = CheckKey(*database_, KeyOf(i % 2 == 0 ? 'a' : 'b'), "/key", kNow);
    });
  }
  for (std::thread& server : servers) {
    server.join();
  }
  EXPECT_NE(found[0].ok(), found[1].ok());
  for (int i = 0; i < kServerCount; ++i) {
    EXPECT_EQ(found[i].code(), found[i % 2].code()) << i << " " << found[i];
  }
}

// What stands in databases: of another form, every server would refuse to start after an upgrade.
TEST_P(KeyCheckContract, KeepsAFingerprintThatNeverChangesAndOneRow) {
  for (const char key : {'a', 'b'}) {
    CheckKey(*database_, KeyOf(key), "/key", kNow).IgnoreError();
  }
  std::vector<std::string> rows;
  ASSERT_EQ(database_->RunReadOnly({},
                                   [&rows](sql::Tx& tx) {
                                     return tx.Query(kSelectRows, {}, [&rows](const sql::Row& row) {
                                       EXPECT_EQ(row.Int64(1), absl::ToUnixMicros(kNow));
                                       rows.emplace_back(row.Text(0));
                                       return absl::OkStatus();
                                     });
                                   }),
            absl::OkStatus());
  EXPECT_THAT(rows, ::testing::ElementsAre(
                        "808702504a2879bedbf23a33433c9a077d9db21d6238aad359ab0e3577a559fa"));
}

}  // namespace clientele::key_check
