#ifndef SERVICES_LOYALTY_JOBS_FEED_HORIZON_H_
#define SERVICES_LOYALTY_JOBS_FEED_HORIZON_H_

// Up to when everything that profile has recorded is applied here, by all replicas together: what
// was due by then can be posted, as nothing that came before it is still on its way.

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "grpcpp/channel.h"

namespace clientele::loyalty {

// Used by one thread at a time.
class FeedHorizon {
 public:
  // `database` and `clock` (the machine's) outlive it.
  FeedHorizon(const std::shared_ptr<grpc::Channel>& profile, sql::Database& database,
              const Clock& clock);

  // Asks profile where its feed is, for some seconds at most. Nothing when neither what it says now
  // nor what it said last is all applied; while it does not answer, what it said last is what there
  // is. The errors of the database, and those of profile that do not pass.
  absl::StatusOr<std::optional<absl::Time>> Read();

 private:
  // What profile said.
  struct Heads {
    absl::Time complete_until;  // what was recorded before is in the feed at or before them
    feed::Positions positions{};
  };

  absl::StatusOr<std::optional<Heads>> Ask() const;

  const std::unique_ptr<common::v1::EventService::Stub> stub_;
  sql::Database& database_;
  const Clock& clock_;
  // At the last call: while events never cease, those who follow are always a little behind.
  std::optional<Heads> earlier_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_FEED_HORIZON_H_
