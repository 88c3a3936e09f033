#include "common/crypto/secret_key.h"

#include <string>

#include "gtest/gtest.h"

namespace clientele {
namespace {

TEST(SecretKey, HasExactly32Bytes) {
  EXPECT_EQ(SecretKey::FromBytes(std::string(32, 'k'))->bytes(), std::string(32, 'k'));
  EXPECT_FALSE(SecretKey::FromBytes(std::string(31, 'k')).ok());
  EXPECT_FALSE(SecretKey::FromBytes(std::string(33, 'k')).ok());
  EXPECT_FALSE(SecretKey::FromBytes("").ok());
}

TEST(SecretKey, IsNewEachTimeItIsMade) {
  EXPECT_NE(SecretKey::Random()->bytes(), SecretKey::Random()->bytes());
}

TEST(SecretKey, DerivesAnIndependentKeyPerPurpose) {
  const SecretKey key = SecretKey::FromBytes(std::string(32, 'k')).value();
  EXPECT_EQ(key.Derive("page-token").bytes(), key.Derive("page-token").bytes());
  EXPECT_NE(key.Derive("page-token").bytes(), key.Derive("identifier").bytes());
  EXPECT_NE(key.Derive("page-token").bytes(), key.bytes());
}

TEST(ConstantTimeEquals, ComparesLikeEquality) {
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_TRUE(ConstantTimeEquals("secret", "secret"));
  EXPECT_FALSE(ConstantTimeEquals("secret", "secreT"));
  EXPECT_FALSE(ConstantTimeEquals("secret", "secret "));
  EXPECT_FALSE(ConstantTimeEquals("secret", ""));
}

}  // namespace
}  // namespace clientele
