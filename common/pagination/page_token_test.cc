#include "common/pagination/page_token.h"

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

SecretKey Key(char fill) { return SecretKey::FromBytes(std::string(32, fill)).value(); }

const PageCursor kCursor = {"2011-12-09T12:50:00Z", "customer-17850"};
constexpr absl::string_view kArguments = "ListCustomers filter=state=ACTIVE";

void ExpectRefused(const absl::StatusOr<PageCursor>& decoded) {
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  const std::optional<ErrorDetails> details = GetErrorDetails(decoded.status());
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "INVALID_PAGE_TOKEN");
  ASSERT_EQ(details->field_violations.size(), 1u);
  EXPECT_EQ(details->field_violations[0].field, "page_token");
}

TEST(PageToken, GivesBackTheCursorItWasMadeFrom) {
  const PageTokenCodec codec(Key('k'));
  for (const PageCursor& cursor :
       {kCursor, PageCursor{}, PageCursor{""}, PageCursor{"", "a", ""},
        PageCursor{std::string("\0\xff", 2)}, PageCursor{std::string(kPageCursorBytesMax, 'a')},
        PageCursor(kPageCursorValuesMax, std::string(128, 'b'))}) {
    const std::string token = codec.Encode(cursor, kArguments).value();
    EXPECT_LE(token.size(), kPageTokenBytesMax);
    EXPECT_EQ(codec.Decode(token, kArguments).value(), cursor);
  }
}

TEST(PageToken, MeansTheFirstPageWhenEmpty) {
  EXPECT_THAT(PageTokenCodec(Key('k')).Decode("", kArguments).value(), testing::IsEmpty());
}

TEST(PageToken, IsReadByEveryReplicaWithTheSameKey) {
  const std::string token = PageTokenCodec(Key('k')).Encode(kCursor, kArguments).value();
  EXPECT_EQ(PageTokenCodec(Key('k')).Decode(token, kArguments).value(), kCursor);
}

TEST(PageToken, NeedsNoEscapingInAUrl) {
  const std::string token = PageTokenCodec(Key('k')).Encode(kCursor, kArguments).value();
  EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_';
  })) << token;
}

TEST(PageToken, DoesNotShowWhatItHolds) {
  const std::string token = PageTokenCodec(Key('k')).Encode(kCursor, kArguments).value();
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
  EXPECT_EQ(bytes.find("17850"), std::string::npos);
}

TEST(PageToken, RefusesOtherArguments) {
  const PageTokenCodec codec(Key('k'));
  const std::string token = codec.Encode(kCursor, kArguments).value();
  ExpectRefused(codec.Decode(token, "ListCustomers filter=state=DELETED"));
  ExpectRefused(codec.Decode(token, ""));
}

TEST(PageToken, RefusesTokensOfAnotherServer) {
  const std::string token = PageTokenCodec(Key('l')).Encode(kCursor, kArguments).value();
  ExpectRefused(PageTokenCodec(Key('k')).Decode(token, kArguments));
}

TEST(PageToken, RefusesEveryAlteredOrCutToken) {
  const PageTokenCodec codec(Key('k'));
  const std::string token = codec.Encode(kCursor, kArguments).value();
  for (size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    ExpectRefused(codec.Decode(altered, kArguments));
    if (i > 0) {
      ExpectRefused(codec.Decode(token.substr(0, i), kArguments));
    }
  }
  ExpectRefused(codec.Decode(token + "A", kArguments));
  ExpectRefused(codec.Decode(token + "=", kArguments));
  ExpectRefused(codec.Decode(" " + token, kArguments));
}

TEST(PageToken, RefusesOtherVersions) {
  const PageTokenCodec codec(Key('k'));
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(codec.Encode(kCursor, kArguments).value(), &bytes));
  bytes[0] = 2;
  ExpectRefused(codec.Decode(absl::WebSafeBase64Escape(bytes), kArguments));
}

TEST(PageToken, RefusesRandomText) {
  const PageTokenCodec codec(Key('k'));
  std::mt19937 random(20260728);
  for (int round = 0; round < 2'000; ++round) {
    std::string token(1 + random() % 200, '\0');
    std::generate(token.begin(), token.end(), [&random] { return static_cast<char>(random()); });
    ExpectRefused(codec.Decode(token, kArguments));
  }
  ExpectRefused(codec.Decode(std::string(kPageTokenBytesMax + 1, 'A'), kArguments));
}

TEST(PageToken, IsNotMadeFromACursorBeyondItsLimits) {
  const PageTokenCodec codec(Key('k'));
  EXPECT_EQ(codec.Encode({std::string(kPageCursorBytesMax + 1, 'a')}, "").status().code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(codec.Encode(PageCursor(kPageCursorValuesMax + 1, "a"), "").status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace clientele
