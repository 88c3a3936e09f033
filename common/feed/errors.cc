#include "common/feed/errors.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/ids/stable_hash.h"
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

absl::Status InvalidExportToken(absl::string_view why) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN",
                      absl::StrCat("page_token: ", why))
      .Field("page_token", why)
      .Build();
}

absl::Status ResumeTokenExpired(int partition, int64_t wanted_position, int64_t oldest_position) {
  return ErrorBuilder(
             absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED",
             absl::StrCat("the feed keeps partition ", partition, " from position ",
                          oldest_position, " on, the token needs position ", wanted_position))
      .Metadata("partition", absl::StrCat(partition))
      .Metadata("wanted_position", absl::StrCat(wanted_position))
      .Metadata("oldest_position", absl::StrCat(oldest_position))
      .Build();
}

std::optional<int> ExpiredPartition(const absl::Status& status) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details.has_value() || details->reason != "RESUME_TOKEN_EXPIRED") {
    return std::nullopt;
  }
  const auto named = details->metadata.find("partition");
  int partition = 0;
  const bool is_sound = named != details->metadata.end() &&
                        absl::SimpleAtoi(named->second, &partition) && partition >= 0 &&
                        partition < kPartitionCount;
  return is_sound ? std::optional(partition) : std::nullopt;
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
