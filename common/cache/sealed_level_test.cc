#include "common/cache/sealed_level.h"

#include <string>

#include "common/cache/testing/fake_shared_level.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SecretKey KeyOf(char fill) {
  return SecretKey::FromBytes(std::string(kSecretKeyBytes, fill)).value();
}

class SealedLevelTest : public ::testing::Test {
 protected:
  void Keep(absl::string_view key, Record record) {
    const SharedWrite write = {
        .key = key, .record = std::move(record), .ttl = absl::Seconds(1), .announce = false};
    EXPECT_TRUE(level_.Write({&write, 1}, absl::InfiniteFuture())[0].ok());
  }

  static std::optional<Record> ReadFrom(SharedLevel& level, absl::string_view key) {
    return level.Read({&key, 1}, absl::InfiniteFuture())[0].value();
  }

  FakeSharedLevel under_;
  SealedLevel level_{under_, KeyOf('a')};
};

TEST_F(SealedLevelTest, GivesARecordBackThatTheLevelUnderItCannotRead) {
  const Record record = {.version = 3, .payload = "+49 30 901820"};
  Keep("k", record);
  EXPECT_EQ(ReadFrom(level_, "k"), record);
  const std::optional<Record> kept = ReadFrom(under_, "k");
  EXPECT_EQ(kept->version, 3);
  EXPECT_THAT(*kept->payload, Not(HasSubstr("901820")));
}

TEST_F(SealedLevelTest, KeepsWhatHasNoPayload) {
  Keep("k", {.version = 3, .payload = std::nullopt});
  EXPECT_EQ(ReadFrom(level_, "k"), (Record{.version = 3, .payload = std::nullopt}));
  EXPECT_EQ(ReadFrom(level_, "other"), std::nullopt);
}

TEST_F(SealedLevelTest, TakesWhatDoesNotOpenAsNotThere) {
  Keep("k", {.version = 3, .payload = "p"});
  SealedLevel other(under_, KeyOf('b'));
  EXPECT_EQ(ReadFrom(other, "k"), std::nullopt);
  // A record that stands under another key than it was sealed for.
  const SharedWrite moved = {
      .key = "l", .record = *ReadFrom(under_, "k"), .ttl = absl::Seconds(1), .announce = false};
  EXPECT_TRUE(under_.Write({&moved, 1}, absl::InfiniteFuture())[0].ok());
  EXPECT_EQ(ReadFrom(level_, "l"), std::nullopt);
}

TEST_F(SealedLevelTest, PassesOnThatTheLevelIsAway) {
  under_.SetAway(true);
  const absl::string_view key = "k";
  EXPECT_FALSE(level_.Read({&key, 1}, absl::InfiniteFuture())[0].ok());
}

}  // namespace
}  // namespace clientele::cache
