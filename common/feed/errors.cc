#include "common/feed/errors.h"

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/status/macros.h"

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

absl::Status InvalidExportToken(absl::string_view why) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN",
                      absl::StrCat("page_token: ", why))
      .Field("page_token", why)
      .Build();
}

absl::Status ResumeTokenExpired(const PartitionSet& expired, int64_t wanted_position,
                                int64_t oldest_position) {
  CLIENTELE_CHECK(expired.any());
  std::vector<int> partitions;
  partitions.reserve(expired.count());
  for (int p = 0; p < kPartitionCount; ++p) {
    if (expired[p]) {
      partitions.push_back(p);
    }
  }
  return ErrorBuilder(
             absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED",
             absl::StrCat("the feed keeps partition ", partitions.front(), " from position ",
                          oldest_position, " on, the token needs position ", wanted_position))
      .Metadata("partition", absl::StrCat(partitions.front()))
      .Metadata("expired_partitions", absl::StrJoin(partitions, ","))
      .Metadata("wanted_position", absl::StrCat(wanted_position))
      .Metadata("oldest_position", absl::StrCat(oldest_position))
      .Build();
}

PartitionSet ExpiredPartitions(const absl::Status& status) {
  PartitionSet expired;
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details.has_value() || details->reason != "RESUME_TOKEN_EXPIRED") {
    return expired;
  }
  auto named = details->metadata.find("expired_partitions");
  if (named == details->metadata.end()) {
    named = details->metadata.find("partition");  // an older server names only the first
  }
  if (named == details->metadata.end()) {
    return expired;
  }
  for (const absl::string_view number : absl::StrSplit(named->second, ',')) {
    int partition = 0;
    if (absl::SimpleAtoi(number, &partition) && partition >= 0 && partition < kPartitionCount) {
      expired.set(partition);
    }
  }
  return expired;
}

absl::Status TooManyFeedConsumers(int limit) {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_FEED_CONSUMERS",
                      absl::StrCat(limit, " consumers have registered with this feed"))
      .Metadata("limit", absl::StrCat(limit))
      .Build();
}

absl::Status EventsNotExported(absl::string_view service_name) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "EVENTS_NOT_EXPORTED",
                      absl::StrCat(service_name, " exports no events"))
      .Metadata("service", service_name)
      .Build();
}

absl::Status FenceLost(absl::string_view lease_name) {
  return absl::AbortedError(absl::StrCat("another process has taken over ", lease_name));
}

}  // namespace clientele::feed
