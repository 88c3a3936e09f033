#include "cli/client/feed_catch_up.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/server_status.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::common::v1::EventService;
using clientele::common::v1::FeedHead;
using clientele::common::v1::GetFeedHeadRequest;

// One look at a head is quick; a server that needs longer is as good as away.
constexpr absl::Duration kHeadTimeout = absl::Seconds(5);
// A look begun in time may end a little late, so that the error can say how much is missing.
constexpr absl::Duration kHeadLateness = absl::Seconds(1);
constexpr absl::Duration kPauseMin = absl::Milliseconds(20);
constexpr absl::Duration kPauseMax = absl::Milliseconds(250);

absl::StatusOr<FeedHead> GetHead(EventService::StubInterface& stub, absl::Time deadline) {
  grpc::ClientContext context;
  context.set_deadline(
      absl::ToChronoTime(std::min(deadline + kHeadLateness, absl::Now() + kHeadTimeout)));
  FeedHead head;
  const grpc::Status status = stub.GetFeedHead(&context, GetFeedHeadRequest(), &head);
  if (!status.ok()) {
    return FromServer(status);
  }
  return head;
}

template <typename Positions>
FeedPositions ToMap(const Positions& positions) {
  FeedPositions map;
  for (const auto& position : positions) {
    map[position.partition()] = position.position();
  }
  return map;
}

int64_t Sum(const FeedPositions& positions) {
  int64_t sum = 0;
  for (const auto& [partition, position] : positions) {
    sum += position;
  }
  return sum;
}

int64_t CountMissing(const FeedPositions& wanted, const FeedPositions& have) {
  int64_t missing = 0;
  for (const auto& [partition, position] : wanted) {
    const auto found = have.find(partition);
    missing += std::max<int64_t>(0, position - (found == have.end() ? 0 : found->second));
  }
  return missing;
}

const FeedHead::ConsumerPosition* FindConsumer(const FeedHead& head, absl::string_view source) {
  const auto found = std::find_if(head.consumers().begin(), head.consumers().end(),
                                  [&](const auto& c) { return c.source() == source; });
  return found == head.consumers().end() ? nullptr : &*found;
}

// Waits a little longer each time. OK = look again.
absl::Status PauseOnce(absl::Time deadline, int64_t missing, const FeedPause& pause,
                       absl::Duration& length) {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError(
        absl::StrCat("the feed did not catch up in time: ", missing, " events are missing"));
  }
  if (pause(std::min(length, left), missing)) {
    return absl::CancelledError("interrupted");
  }
  length = std::min(length * 2, kPauseMax);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FeedPositions> RecordedPositions(EventService::StubInterface& source,
                                                absl::Time deadline, const FeedPause& pause) {
  CLIENTELE_ASSIGN_OR_RETURN(FeedHead head, GetHead(source, deadline));
  // The outbox may never be empty under load, but what lay in it gets one position each.
  const int64_t wanted = Sum(ToMap(head.heads())) + head.outbox_count();
  absl::Duration length = kPauseMin;
  while (head.outbox_count() > 0 && Sum(ToMap(head.heads())) < wanted) {
    CLIENTELE_RETURN_IF_ERROR(PauseOnce(deadline, head.outbox_count(), pause, length));
    CLIENTELE_ASSIGN_OR_RETURN(head, GetHead(source, deadline));
  }
  return ToMap(head.heads());
}

absl::StatusOr<FeedPositions> HeardPositions(EventService::StubInterface& consumer,
                                             absl::string_view source_name, absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(const FeedHead head, GetHead(consumer, deadline));
  const FeedHead::ConsumerPosition* found = FindConsumer(head, source_name);
  return found == nullptr ? FeedPositions() : ToMap(found->source_heads());
}

absl::Status WaitUntilConsumed(EventService::StubInterface& consumer, absl::string_view source_name,
                               const FeedPositions& wanted, absl::Time deadline,
                               const FeedPause& pause) {
  absl::Duration length = kPauseMin;
  while (true) {
    CLIENTELE_ASSIGN_OR_RETURN(const FeedHead head, GetHead(consumer, deadline));
    const FeedHead::ConsumerPosition* found = FindConsumer(head, source_name);
    const int64_t missing =
        CountMissing(wanted, found == nullptr ? FeedPositions() : ToMap(found->positions()));
    if (missing == 0) {
      return absl::OkStatus();
    }
    if (found == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the service does not read the feed of ", source_name));
    }
    CLIENTELE_RETURN_IF_ERROR(PauseOnce(deadline, missing, pause, length));
  }
}

}  // namespace clientele::cli
