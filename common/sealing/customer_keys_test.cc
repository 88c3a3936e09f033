#include "common/sealing/customer_keys.h"

#include <string>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sealing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Place kPlace = {.customer_id = "c-1", .column = "fact.value", .row = "f-1"};

SecretKey KeyOf(char fill) {
  return SecretKey::FromBytes(std::string(kSecretKeyBytes, fill)).value();
}

CustomerKeys KeysOfC1(char fill) {
  CustomerKeys keys;
  keys.Add("c-1", KeyOf(fill));
  return keys;
}

TEST(CustomerKeys, OpenWhatTheySealed) {
  const CustomerKeys keys = KeysOfC1('a');
  const std::string sealed = keys.Seal(kPlace, "Zoë").value();
  EXPECT_THAT(sealed, Not(HasSubstr("Zo")));
  EXPECT_EQ(sealed.size(), std::string("Zoë").size() + CustomerKeys::kOverheadBytes);
  const OpenedText opened = keys.Open(kPlace, sealed).value();
  EXPECT_EQ(opened.text, "Zoë");
  EXPECT_FALSE(opened.erased);
}

TEST(CustomerKeys, SealOneTextInTwoWays) {
  const CustomerKeys keys = KeysOfC1('a');
  EXPECT_NE(keys.Seal(kPlace, "Zoë").value(), keys.Seal(kPlace, "Zoë").value());
}

TEST(CustomerKeys, SayThatATextIsErasedWhoseKeyIsNoMore) {
  const std::string sealed = KeysOfC1('a').Seal(kPlace, "Zoë").value();
  for (const CustomerKeys& keys : {CustomerKeys(), KeysOfC1('b')}) {
    const OpenedText opened = keys.Open(kPlace, sealed).value();
    EXPECT_TRUE(opened.erased);
    EXPECT_EQ(opened.text, "");
  }
}

TEST(CustomerKeys, RefuseATextThatWasMovedOrAltered) {
  const CustomerKeys keys = KeysOfC1('a');
  const std::string sealed = keys.Seal(kPlace, "Zoë").value();
  EXPECT_EQ(GetErrorReason(keys.Open({"c-1", "fact.value", "f-2"}, sealed).status()), "INTERNAL");
  EXPECT_EQ(GetErrorReason(keys.Open({"c-1", "note.text", "f-1"}, sealed).status()), "INTERNAL");
  std::string altered = sealed;
  altered.back() ^= 1;
  EXPECT_EQ(GetErrorReason(keys.Open(kPlace, altered).status()), "INTERNAL");
  EXPECT_EQ(GetErrorReason(keys.Open(kPlace, "").status()), "INTERNAL");
}

TEST(CustomerKeys, OpenNothingOfAnotherCustomer) {
  CustomerKeys keys = KeysOfC1('a');
  const std::string sealed = keys.Seal(kPlace, "Zoë").value();
  keys.Add("c-2", KeyOf('b'));
  EXPECT_TRUE(keys.Open({"c-2", "fact.value", "f-1"}, sealed)->erased);
}

}  // namespace
}  // namespace clientele::sealing
