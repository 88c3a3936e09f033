#ifndef COMMON_FEED_TESTING_FEED_REPLAY_H_
#define COMMON_FEED_TESTING_FEED_REPLAY_H_

// Brings a feed to a consumer as a stream does that is cut at any place, without a network.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/consumer_share.h"
#include "common/feed/event_applier.h"
#include "common/feed/event_converter.h"
#include "common/feed/feed_reader.h"
#include "common/feed/resume_token.h"
#include "common/sql/database.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/clock.h"

namespace clientele::feed {

// One feed; its cuts follow from the seed. Not thread-safe.
class FeedReplay {
 public:
  // `source` is the feed of `service` ("profile") and outlives it.
  FeedReplay(sql::Database& source, std::string service, uint32_t seed)
      : source_(source), service_(std::move(service)), random_(seed) {}

  // Applies what `target` has not had yet, 1 to `events_max` events to a message. Aborts on error.
  void CatchUp(sql::Database& target, EventHandler& handler, int events_max) {
    const SystemClock clock;
    EventApplier applier(ConsumerShare(service_, "replay", absl::Minutes(1), clock), target,
                         handler);
    CLIENTELE_CHECK(applier.Begin().value());
    for (bool caught_up = false; !caught_up;) {
      const FeedRead read{.after = applier.positions(),
                          .first_partition = static_cast<int>(random_() % kPartitionCount)};
      const FeedPage page =
          sql::ReadIn(source_, {}, [&](sql::Tx& tx) { return ReadFeed(tx, read); }).value();
      common::v1::WatchEventsResponse message = CutMessage(read.after, page, events_max);
      const absl::Status applied = applier.Apply(message);
      CLIENTELE_CHECK(applied.ok());
      caught_up = HasReached(applier.positions(), page.heads, AllPartitions());
    }
    CLIENTELE_CHECK(applier.Release().ok());
  }

 private:
  common::v1::WatchEventsResponse CutMessage(Positions next, const FeedPage& page, int events_max) {
    const auto count = std::min<size_t>(page.events.size(), 1 + random_() % events_max);
    common::v1::WatchEventsResponse message;
    for (size_t i = 0; i < count; ++i) {
      ToEventProto(service_, page.events[i], *message.add_events());
      next[page.events[i].partition] = page.events[i].position;
    }
    message.set_next_resume_token(EncodeResumeToken(service_, next));
    return message;
  }

  sql::Database& source_;
  const std::string service_;
  std::mt19937 random_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_REPLAY_H_
