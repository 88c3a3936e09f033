#ifndef COMMON_FEED_CONSUMER_H_
#define COMMON_FEED_CONSUMER_H_

// Follows another service's feed and applies its events exactly once.
//
// The position is stored in the transaction of the effect, compare-and-set on the old position and
// a lease's fence, so a crash or a second process repeats or loses nothing. The processes of one
// consumer share the partitions (consumer_share.h), each on one stream. The consumer reconnects
// with exponential backoff and jitter for as long as it runs; a hole in the positions stops it.
// Partitions of which it has had nothing, and whose first events the source no longer keeps, begin
// with an export; where it stands in it is stored with the positions.
// Thread safety: Consumer is thread-safe; it calls its handler on its own thread.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/consumer_status.h"
#include "common/feed/event_applier.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace clientele::feed {

// Whose feed it is, and the way there.
struct FeedSource {
  std::string service;                     // "profile"
  std::shared_ptr<grpc::Channel> channel;  // from rpc::Connect
  std::string consumer;                    // who follows it, registered there: "loyalty"
};

struct ConsumerOptions {
  std::string holder = "local";  // who this process is, the same after a restart, or the pod's name
  // How long a silent process keeps its partitions from others; a quarter of it is how soon they
  // are shared anew when one comes. At least four heartbeats.
  absl::Duration lease_ttl = absl::Seconds(20);
  absl::Duration heartbeat_interval = absl::Seconds(5);  // asked of the source; 0.1 s to 60 s
  // Then it opens a new stream: less than the grace that servers give to calls on old connections.
  absl::Duration stream_age_max = absl::Minutes(4);
  absl::Duration backoff_min = absl::Milliseconds(50);
  absl::Duration backoff_max = absl::Seconds(5);
  // Whether an export also replaces events that partitions with a position have missed; else they
  // stop. The handler must be right about events it knows and about a state it learns late.
  bool bootstraps_when_behind = false;
  // Told of exports, on the consumer's thread.
  std::function<void(const ConsumerBootstrap&)> on_bootstrap = [](const ConsumerBootstrap&) {};
};

// One source. Begins at the first event when no position is stored, or with an export when the
// first event is gone.
class Consumer final : public ConsumerStatusSource {
 public:
  // `database`, `handler` and `clock` (the machine's) must outlive it. `on_failure` is told of
  // every failure, on the consumer's thread, before the next attempt or the end.
  Consumer(const FeedSource& source, ConsumerOptions options, sql::Database& database,
           EventHandler& handler, const Clock& clock,
           std::function<void(const ConsumerFailure&)> on_failure);

  // Stops.
  ~Consumer() override;

  // Begins to follow. Once only.
  void Start();

  // Leaves the stream, lets the transaction under way end, and joins the thread. Idempotent.
  void Stop();

  ConsumerStatus Status() const override;

 private:
  struct Attempt;

  void Run();
  // One try: a share of the partitions, then a stream of them until it ends.
  Attempt FollowOnce();
  Attempt Watch();
  Attempt Export(const ExportTurn& turn);
  // Reads the stream that `open_call` makes of a context until it ends, something fails or `handle`
  // (message → Status) wants no more.
  template <typename OpenCall, typename Response, typename Handle>
  Attempt ReadStream(const OpenCall& open_call, Response message, const Handle& handle);
  // The export that may replace the events that are gone when a watch ends with `refusal`.
  std::optional<ExportTurn> ExportInstead(const absl::Status& refusal) const;
  clientele::common::v1::WatchEventsRequest MakeRequest() const;
  clientele::common::v1::ExportEventsRequest MakeRequest(const ExportTurn& turn) const;
  absl::Status HandleEvents(clientele::common::v1::WatchEventsResponse& message);
  absl::Status HandleExport(const ExportTurn& turn,
                            clientele::common::v1::ExportEventsResponse& message);
  void Tell(ConsumerBootstrap::Phase phase, const PartitionSet& partitions) const;
  // Makes a call cancellable by Stop; false when it has been called already.
  bool Open(grpc::ClientContext& context);
  void Close();
  void SetShare();
  void SetState(ConsumerState state, const absl::Status& error);
  bool IsStopping();
  // False when stopping.
  bool WaitFor(absl::Duration wait);

  const std::string source_;
  const std::string name_;  // registered there
  const ConsumerOptions options_;
  const std::unique_ptr<clientele::common::v1::EventService::Stub> stub_;
  const Clock& clock_;
  const std::function<void(const ConsumerFailure&)> on_failure_;
  // These by the consumer's thread only.
  EventApplier applier_;
  int64_t exported_count_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  grpc::ClientContext* open_context_ = nullptr;  // to cancel; set while a stream is open
  ConsumerStatus status_;
  std::thread thread_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_H_
