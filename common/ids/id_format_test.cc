#include "common/ids/id_format.h"

#include <string>

#include "gtest/gtest.h"

namespace clientele {
namespace {

TEST(IdFormat, RecognisesUuidsInEitherCase) {
  EXPECT_TRUE(IsUuid("0190a6c4-7b1e-7c3d-8f00-0123456789ab"));
  EXPECT_TRUE(IsUuid("0190A6C4-7B1E-7C3D-8F00-0123456789AB"));
}

TEST(IdFormat, RefusesWhatIsNotAUuid) {
  EXPECT_FALSE(IsUuid(""));
  EXPECT_FALSE(IsUuid("0190a6c47b1e7c3d8f000123456789ab"));
  EXPECT_FALSE(IsUuid("0190a6c4-7b1e-7c3d-8f00-0123456789a"));
  EXPECT_FALSE(IsUuid("0190a6c4-7b1e-7c3d-8f00-0123456789abc"));
  EXPECT_FALSE(IsUuid("0190a6c4-7b1e-7c3d-8f00-0123456789ag"));
  EXPECT_FALSE(IsUuid("0190a6c4-7b1e-7c3d-8f0-00123456789ab"));
  EXPECT_FALSE(IsUuid("{190a6c4-7b1e-7c3d-8f00-0123456789a}"));
}

TEST(IdFormat, LowersUuidsToOneSpelling) {
  EXPECT_EQ(CanonicalUuid("0190A6C4-7B1E-7C3D-8F00-0123456789AB"),
            "0190a6c4-7b1e-7c3d-8f00-0123456789ab");
  EXPECT_EQ(CanonicalUuid("not-a-uuid"), std::nullopt);
}

TEST(IdFormat, AcceptsCallerChosenIdsFromThreeTo63Characters) {
  EXPECT_FALSE(IsCallerChosenId("ab"));
  EXPECT_TRUE(IsCallerChosenId("abc"));
  EXPECT_TRUE(IsCallerChosenId("0-9"));
  EXPECT_TRUE(IsCallerChosenId("ab-"));
  EXPECT_TRUE(IsCallerChosenId(std::string(63, 'a')));
  EXPECT_FALSE(IsCallerChosenId(std::string(64, 'a')));
  EXPECT_TRUE(IsCallerChosenId("0190a6c4-7b1e-7c3d-8f00-0123456789ab"));
}

TEST(IdFormat, RefusesCallerChosenIdsOutsideTheAlphabet) {
  EXPECT_FALSE(IsCallerChosenId(""));
  EXPECT_FALSE(IsCallerChosenId("-abc"));
  EXPECT_FALSE(IsCallerChosenId("Abc"));
  EXPECT_FALSE(IsCallerChosenId("a_c"));
  EXPECT_FALSE(IsCallerChosenId("a c"));
  EXPECT_FALSE(IsCallerChosenId(absl::string_view("abc\0", 4)));
  EXPECT_FALSE(IsCallerChosenId("ab\xc3\xa9"));
}

}  // namespace
}  // namespace clientele
