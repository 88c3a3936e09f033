#include "common/ids/stable_hash.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

// These values were printed by the reference library (libxxhash 0.8.1). If this test fails, the
// code is wrong: the values decide where stored rows are and must never be updated.
TEST(StableHash, IsPinnedForEver) {
  EXPECT_EQ(StableHash64(""), 0xef46db3751d8e999ULL);
  EXPECT_EQ(StableHash64("a"), 0xd24ec4f1a98c6e5bULL);
  EXPECT_EQ(StableHash64("abc"), 0x44bc2cf5ad770999ULL);
  EXPECT_EQ(StableHash64("abcd"), 0xde0327b0d25d92ccULL);
  EXPECT_EQ(StableHash64("12345678"), 0xd2d02f08cf7cfd4aULL);
  EXPECT_EQ(StableHash64("online-retail-17850"), 0x8346070d31bf8e93ULL);
  EXPECT_EQ(StableHash64("0190a6c4-7b1e-7c3d-8f00-0123456789ab"), 0x82fa8c0f8462f92eULL);
  EXPECT_EQ(StableHash64(std::string(100, 'x')), 0x92f0de5a88a3c094ULL);
  EXPECT_EQ(StableHash64(absl::string_view("\xff\x80\x00\x01", 4)), 0xf09a2b2ba04016fcULL);
}

TEST(StableHash, PinsThePartitionsOfCustomers) {
  EXPECT_EQ(PartitionOf("online-retail-17850"), 3);
  EXPECT_EQ(PartitionOf("0190a6c4-7b1e-7c3d-8f00-0123456789ab"), 14);
}

TEST(StableHash, FillsPartitionsEvenly) {
  constexpr int kKeys = 16'000;
  std::array<int, kPartitionCount> keys_in = {};
  for (int i = 0; i < kKeys; ++i) {
    ++keys_in[PartitionOf(absl::StrCat("online-retail-", i))];
  }
  for (const int keys : keys_in) {
    EXPECT_GT(keys, 850);
    EXPECT_LT(keys, 1'150);
  }
}

TEST(StableHash, KeepsPartitionsWithinAnyCount) {
  for (int count = 1; count <= 40; ++count) {
    EXPECT_LT(PartitionOf("c-17850", count), count);
    EXPECT_GE(PartitionOf("c-17850", count), 0);
  }
}

}  // namespace
}  // namespace clientele
