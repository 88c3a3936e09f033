#include "common/feed/export_token.h"

#include "common/feed/limits.h"
#include "common/feed/resume_token.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

ExportPlace MakePlace() {
  ExportPlace place{.start = {}, .cursor = "customer/7/ß"};
  place.start[3] = 12;
  return place;
}

TEST(ExportTokenTest, SaysWhatItWasMadeOf) {
  const auto place = DecodeExportToken("profile", EncodeExportToken("profile", MakePlace()));
  ASSERT_TRUE(place.ok()) << place.status();
  EXPECT_EQ(place->start, MakePlace().start);
  EXPECT_EQ(place->cursor, MakePlace().cursor);
}

TEST(ExportTokenTest, HoldsTheLongestCursor) {
  ExportPlace place = MakePlace();
  place.start.fill(INT64_MAX);
  place.cursor = std::string(kExportCursorBytesMax, 'x');
  EXPECT_TRUE(DecodeExportToken("profile", EncodeExportToken("profile", place)).ok());
}

TEST(ExportTokenTest, OfAnotherServiceOrMangledIsRefused) {
  const std::string token = EncodeExportToken("profile", MakePlace());
  std::string other_cursor = token;
  ++other_cursor[token.find('.') + 1];
  for (const std::string& bad :
       {std::string(), std::string("."), token + "x", token.substr(1), other_cursor,
        EncodeExportToken("loyalty", MakePlace()), EncodeResumeToken("profile", {}),
        std::string(kExportTokenLengthMax + 1, 'x')}) {
    EXPECT_EQ(GetErrorReason(DecodeExportToken("profile", bad).status()), "INVALID_PAGE_TOKEN")
        << bad;
  }
}

}  // namespace
}  // namespace clientele::feed
