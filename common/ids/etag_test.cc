#include "common/ids/etag.h"

#include "gtest/gtest.h"

namespace clientele {
namespace {

TEST(Etag, ReadsWhatItWrites) {
  for (const int64_t version : {int64_t{1}, int64_t{42}, int64_t{4'000'000'000'000'000'000}}) {
    EXPECT_EQ(ParseEtag(EtagOf(version)), version);
  }
}

TEST(Etag, RefusesWhatItDidNotWrite) {
  for (const char* etag : {"", "v", "v0", "v01", "v-1", "v+1", "v 1", "x1", "1", "v1 ", "V1"}) {
    EXPECT_FALSE(ParseEtag(etag).has_value()) << etag;
  }
}

}  // namespace
}  // namespace clientele
