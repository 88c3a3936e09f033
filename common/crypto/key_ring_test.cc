#include "common/crypto/key_ring.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A line of a key file; the key is 32 times `fill`.
std::string Line(absl::string_view id, char fill) {
  return absl::StrCat(id, " ", absl::Base64Escape(std::string(kSecretKeyBytes, fill)), "\n");
}

KeyRing Ring(absl::string_view text) {
  auto ring = KeyRing::Parse(text);
  EXPECT_TRUE(ring.ok()) << ring.status();
  return *std::move(ring);
}

TEST(KeyRing, GivesAWrappedKeyBack) {
  const KeyRing ring = Ring(Line("k-1", 'a'));
  const SecretKey key = SecretKey::Random().value();
  const WrappedKey wrapped = ring.Wrap(key, "profile/c-1").value();
  EXPECT_EQ(wrapped.kek_id, "k-1");
  EXPECT_THAT(wrapped.bytes, Not(HasSubstr(std::string(key.bytes()))));
  EXPECT_EQ(ring.Unwrap(wrapped, "profile/c-1")->bytes(), key.bytes());
}

TEST(KeyRing, UnwrapsForTheContextOnlyThatItWrappedFor) {
  const KeyRing ring = Ring(Line("k-1", 'a'));
  const WrappedKey wrapped = ring.Wrap(SecretKey::Random().value(), "profile/c-1").value();
  EXPECT_EQ(ring.Unwrap(wrapped, "profile/c-2").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(KeyRing, WrapsWithTheFirstKeyAndUnwrapsWithAll) {
  const SecretKey key = SecretKey::Random().value();
  const WrappedKey old = Ring(Line("k-1", 'a')).Wrap(key, "c").value();
  const KeyRing rotated = Ring(Line("k-2", 'b') + Line("k-1", 'a'));
  EXPECT_EQ(rotated.Unwrap(old, "c")->bytes(), key.bytes());
  const WrappedKey renewed = rotated.Wrap(key, "c").value();
  EXPECT_EQ(renewed.kek_id, "k-2");
  EXPECT_EQ(Ring(Line("k-2", 'b')).Unwrap(renewed, "c")->bytes(), key.bytes());
}

TEST(KeyRing, SaysWhichKeyIsMissingOrAnotherOne) {
  const WrappedKey wrapped = Ring(Line("k-1", 'a')).Wrap(SecretKey::Random().value(), "c").value();
  const absl::Status missing = Ring(Line("k-2", 'a')).Unwrap(wrapped, "c").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(missing.message(), HasSubstr("k-1"));
  const absl::Status other = Ring(Line("k-1", 'b')).Unwrap(wrapped, "c").status();
  EXPECT_EQ(other.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(other.message(), HasSubstr("k-1"));
}

TEST(KeyRing, SkipsCommentsAndEmptyLines) {
  EXPECT_TRUE(KeyRing::Parse(absl::StrCat("# of 2026\n\n", Line("k-1", 'a'))).ok());
}

TEST(KeyRing, RefusesMalformedTextWithoutRepeatingIt) {
  std::string many;
  for (size_t i = 0; i <= KeyRing::kKeysMax; ++i) many += Line(absl::StrCat("k-", i), 'a');
  for (const std::string& text :
       {std::string(), std::string("# nothing\n"), std::string("k-1\n"),
        std::string("k-1 c2hvcnQ=\n"), std::string("k-1 !!!\n"), Line("K", 'a'), Line("-k", 'a'),
        Line("k-1", 'a') + Line("k-1", 'b'), many}) {
    const absl::Status status = KeyRing::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(status.message(), Not(HasSubstr("YWFh")));
  }
}

class KeyRingFile : public ::testing::Test {
 protected:
  void Write(const std::string& text) {
    std::ofstream(path_) << text;
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }

  TempFolder folder_;
  const std::string path_ = folder_.File("kek");
};

TEST_F(KeyRingFile, IsMadeOnceWithAKeyOfItsOwn) {
  const WrappedKey wrapped =
      LoadOrCreateKeyRing(path_)->Wrap(SecretKey::Random().value(), "c").value();
  EXPECT_TRUE(LoadOrCreateKeyRing(path_)->Unwrap(wrapped, "c").ok());
  EXPECT_TRUE(LoadKeyRing(path_)->Unwrap(wrapped, "c").ok());
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(LoadOrCreateKeyRing(folder_.File("other"))->Unwrap(wrapped, "c").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(KeyRingFile, MustBeThereWhereItIsNamed) {
  const absl::Status status = LoadKeyRing(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr(path_));
}

TEST_F(KeyRingFile, IsRefusedWithASentenceWhenItCannotBeUsed) {
  Write("k-1 nonsense\n");
  const absl::Status malformed = LoadKeyRing(path_).status();
  EXPECT_EQ(malformed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(malformed.message(), HasSubstr("line 1"));
  EXPECT_THAT(malformed.message(), Not(HasSubstr("nonsense")));
  Write(Line("k-1", 'a'));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(LoadKeyRing(path_).status().message(), HasSubstr("chmod 600"));
  Write(std::string(10000, '#'));
  EXPECT_THAT(LoadKeyRing(path_).status().message(), HasSubstr("more than"));
}

}  // namespace
}  // namespace clientele
