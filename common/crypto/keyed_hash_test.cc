#include "common/crypto/keyed_hash.h"

#include <string>

#include "gtest/gtest.h"

namespace clientele {
namespace {

SecretKey Key(char fill) { return SecretKey::FromBytes(std::string(32, fill)).value(); }

// Computed with Python: hmac(hmac(b"k" * 32, b"customer-identifier"), b"ada@example.com").
TEST(KeyedHash, IsPinnedBecauseStoresKeepIt) {
  EXPECT_EQ(KeyedHash(Key('k'), "customer-identifier").Hex("ada@example.com"),
            "0aafdbe6bb954123fdefc1184b2645be0faff920b2bb0e14380a1f2d43033d87");
}

TEST(KeyedHash, DependsOnKeyPurposeAndText) {
  const KeyedHash hash(Key('k'), "customer-identifier");
  EXPECT_EQ(hash.Hex("ada"), KeyedHash(Key('k'), "customer-identifier").Hex("ada"));
  EXPECT_NE(hash.Hex("ada"), hash.Hex("adb"));
  EXPECT_NE(hash.Hex("ada"), KeyedHash(Key('l'), "customer-identifier").Hex("ada"));
  EXPECT_NE(hash.Hex("ada"), KeyedHash(Key('k'), "request-content").Hex("ada"));
}

TEST(KeyedHash, KeepsPurposeAndTextApart) {
  EXPECT_NE(KeyedHash(Key('k'), "ab").Hex("c"), KeyedHash(Key('k'), "a").Hex("bc"));
}

TEST(KeyedHash, GivesTheSameBytesRawAndInHex) {
  const KeyedHash hash(Key('k'), "customer-identifier");
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : hash.Raw("ada")) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  EXPECT_EQ(hash.Hex("ada"), hex);
}

TEST(KeyedHash, HashesTheEmptyText) {
  EXPECT_EQ(KeyedHash(Key('k'), "customer-identifier").Hex("").size(), 64u);
}

}  // namespace
}  // namespace clientele
