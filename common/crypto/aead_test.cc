#include "common/crypto/aead.h"

#include <string>

#include "gtest/gtest.h"

namespace clientele {
namespace {

SecretKey Key(char fill) { return SecretKey::FromBytes(std::string(32, fill)).value(); }

TEST(Aead, OpensWhatItSealed) {
  const Aead aead(Key('k'), "page-token");
  for (const size_t length : {0, 1, 15, 16, 17, 1'000}) {
    const std::string plaintext(length, 'p');
    const std::string sealed = aead.Seal(plaintext, "context").value();
    EXPECT_EQ(sealed.size(), plaintext.size() + Aead::kOverheadBytes);
    EXPECT_EQ(aead.Open(sealed, "context").value(), plaintext);
  }
  EXPECT_EQ(aead.Open(aead.Seal("text", "").value(), "").value(), "text");
}

TEST(Aead, HidesTheTextAndSealsItDifferentlyEachTime) {
  const Aead aead(Key('k'), "page-token");
  const std::string sealed = aead.Seal("customer-17850", "").value();
  EXPECT_EQ(sealed.find("customer"), std::string::npos);
  EXPECT_NE(sealed, aead.Seal("customer-17850", "").value());
}

TEST(Aead, RefusesEveryAlteredBit) {
  const Aead aead(Key('k'), "page-token");
  const std::string sealed = aead.Seal("customer-17850", "context").value();
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(aead.Open(altered, "context").status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Aead, RefusesEveryCutText) {
  const Aead aead(Key('k'), "page-token");
  const std::string sealed = aead.Seal("customer-17850", "context").value();
  for (size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(aead.Open(sealed.substr(0, length), "context").ok());
  }
  EXPECT_FALSE(aead.Open(sealed + "x", "context").ok());
}

TEST(Aead, RefusesAnotherContextKeyOrPurpose) {
  const std::string sealed = Aead(Key('k'), "page-token").Seal("text", "context").value();
  EXPECT_FALSE(Aead(Key('k'), "page-token").Open(sealed, "other").ok());
  EXPECT_FALSE(Aead(Key('l'), "page-token").Open(sealed, "context").ok());
  EXPECT_FALSE(Aead(Key('k'), "stored-answer").Open(sealed, "context").ok());
}

TEST(Aead, RefusesToSealMoreThanItsLimit) {
  const Aead aead(Key('k'), "page-token");
  EXPECT_FALSE(aead.Seal(std::string(Aead::kPlaintextBytesMax + 1, 'p'), "").ok());
}

}  // namespace
}  // namespace clientele
