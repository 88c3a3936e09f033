#include "common/feed/resume_token.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "common/feed/limits.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

Positions SomePositions() {
  Positions positions{};
  for (int p = 0; p < kPartitionCount; ++p) {
    positions[p] = int64_t{1000} * p * p;
  }
  return positions;
}

void ExpectInvalid(absl::string_view token) {
  const absl::StatusOr<Positions> decoded = DecodeResumeToken("profile", token);
  ASSERT_FALSE(decoded.ok()) << token;
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorReason(decoded.status()), "INVALID_RESUME_TOKEN");
}

TEST(ResumeToken, ReturnsThePositionsItWasMadeOf) {
  const std::string token = EncodeResumeToken("profile", SomePositions());
  const absl::StatusOr<Positions> decoded = DecodeResumeToken("profile", token);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, SomePositions());
}

TEST(ResumeToken, HoldsTheLargestPositionsWithinItsLength) {
  Positions positions;
  positions.fill(std::numeric_limits<int64_t>::max());
  const std::string token = EncodeResumeToken("profile", positions);
  EXPECT_LE(token.size(), kResumeTokenLengthMax);
  EXPECT_EQ(DecodeResumeToken("profile", token).value(), positions);
}

TEST(ResumeToken, StartsAtTheBeginningWhenEmpty) {
  EXPECT_EQ(DecodeResumeToken("profile", "").value(), Positions{});
}

TEST(ResumeToken, RefusesATokenOfAnotherService) {
  ExpectInvalid(EncodeResumeToken("loyalty", SomePositions()));
}

TEST(ResumeToken, RefusesEveryTokenWithOneByteChanged) {
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(EncodeResumeToken("profile", SomePositions()), &bytes));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x41);
    ExpectInvalid(absl::WebSafeBase64Escape(changed));
  }
}

TEST(ResumeToken, RefusesATokenCutShortOrGrown) {
  const std::string token = EncodeResumeToken("profile", SomePositions());
  for (size_t length = 1; length < token.size(); ++length) {
    ExpectInvalid(token.substr(0, length));
  }
  ExpectInvalid(token + "AAAA");
  ExpectInvalid(std::string(kResumeTokenLengthMax + 1, 'A'));
  ExpectInvalid("not a token at all");
}

TEST(ResumeToken, IsPinnedSoThatStoredTokensStayGood) {
  EXPECT_EQ(EncodeResumeToken("profile", SomePositions()),
            "AQDoB6AfqEaAfajDAaCZAuj-AoD0A-j4BKCNBqixB4DlCKioCqD7C-jdDXQqKKMNrQ0M");
}

}  // namespace
}  // namespace clientele::feed
