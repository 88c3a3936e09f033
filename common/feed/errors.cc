#include "common/feed/errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace clientele::feed {

absl::Status FeedHole(int partition, int64_t position) {
  return ErrorBuilder(
             absl::StatusCode::kDataLoss, "FEED_HOLE",
             absl::StrCat("the feed lacks position ", position, " of partition ", partition))
      .Metadata("partition", absl::StrCat(partition))
      .Metadata("position", absl::StrCat(position))
      .Build();
}

absl::Status InvalidResumeToken(absl::string_view why) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_RESUME_TOKEN",
                      absl::StrCat("resume_token: ", why))
      .Field("resume_token", why)
      .Build();
}

absl::Status FenceLost(absl::string_view lease_name) {
  return absl::AbortedError(absl::StrCat("another process has taken over ", lease_name));
}

}  // namespace clientele::feed
