#include "common/feed/consumer.h"

#include <algorithm>
#include <utility>

#include "common/feed/backoff.h"
#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/resume_token.h"
#include "common/rpc/client.h"
#include "common/rpc/status_mapping.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::feed {

namespace v1 = clientele::common::v1;

namespace {

// What our own transaction may run into and get over.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status) ||
         sql::IsOutcomeUnknown(status);
}

// What the source says for good: the token is not its own, a hole, or a position it no longer has.
// Everything else (also a missing permission or method, while the suite is being upgraded) passes.
bool IsFinalAnswer(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ||
         status.error_code() == grpc::StatusCode::DATA_LOSS ||
         status.error_code() == grpc::StatusCode::OUT_OF_RANGE;
}

// Of a message with events.
absl::Time EarliestRecordTime(const v1::WatchEventsResponse& message) {
  absl::Time earliest = absl::InfiniteFuture();
  for (const v1::Event& event : message.events()) {
    earliest = std::min(earliest, FromTimestamp(event.record_time()));
  }
  return earliest;
}

void AddPartitions(const PartitionSet& partitions, google::protobuf::RepeatedField<int32_t>& out) {
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p]) {
      out.Add(p);
    }
  }
}

}  // namespace

// How one attempt ended.
struct Consumer::Attempt {
  absl::Status status;
  bool is_final = false;         // trying again cannot help
  bool waits_for_share = false;  // other processes have every partition
  bool got_on = false;           // applied something: begin the backoff anew
};

Consumer::Consumer(const FeedSource& source, ConsumerOptions options, sql::Database& database,
                   EventHandler& handler, const Clock& clock,
                   std::function<void(const ConsumerFailure&)> on_failure)
    : source_(source.service),
      name_(source.consumer),
      options_(std::move(options)),
      stub_(v1::EventService::NewStub(source.channel)),
      clock_(clock),
      on_failure_(std::move(on_failure)),
      applier_(ConsumerShare(source_, options_.holder, options_.lease_ttl, clock), database,
               handler) {
  status_.source = source_;
}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  CLIENTELE_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Run(); });
}

void Consumer::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (open_context_ != nullptr) {
      open_context_->TryCancel();
    }
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

ConsumerStatus Consumer::Status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

void Consumer::Run() {
  Backoff backoff(options_.backoff_min, options_.backoff_max);
  for (;;) {
    const Attempt attempt = FollowOnce();
    if (IsStopping()) {
      break;
    }
    SetState(attempt.is_final ? ConsumerState::kFailed : ConsumerState::kConnecting,
             attempt.status);
    if (!attempt.status.ok()) {
      on_failure_({.source = source_, .status = attempt.status, .is_final = attempt.is_final});
    }
    if (attempt.is_final) {
      return;
    }
    if (attempt.got_on) {
      backoff.Reset();
    }
    if (!WaitFor(attempt.waits_for_share ? options_.lease_ttl / 4 : backoff.Next())) {
      break;
    }
  }
  const absl::Status released = applier_.Release();
  if (!released.ok()) {
    on_failure_({.source = source_, .status = released});  // the leases run out by themselves
  }
  SetState(ConsumerState::kStopped, absl::OkStatus());
}

Consumer::Attempt Consumer::FollowOnce() {
  const absl::StatusOr<bool> begun = applier_.Begin();
  if (!begun.ok()) {
    return {.status = begun.status(), .is_final = !IsPassing(begun.status())};
  }
  SetShare();
  if (!*begun) {
    return {.waits_for_share = true};
  }
  const std::optional<ExportTurn> turn = applier_.NextExport();
  return turn.has_value() ? Export(*turn) : Watch();
}

Consumer::Attempt Consumer::Watch() {
  Attempt attempt = ReadStream(
      [this](grpc::ClientContext& context) { return stub_->WatchEvents(&context, MakeRequest()); },
      v1::WatchEventsResponse(),
      [this](v1::WatchEventsResponse& message) { return HandleEvents(message); });
  const std::optional<ExportTurn> turn = ExportInstead(attempt.status);
  return turn.has_value() ? Export(*turn) : attempt;
}

Consumer::Attempt Consumer::Export(const ExportTurn& turn) {
  bool has_begun = false;
  Attempt attempt = ReadStream(
      [&](grpc::ClientContext& context) {
        return stub_->ExportEvents(&context, MakeRequest(turn));
      },
      v1::ExportEventsResponse(),
      [&](v1::ExportEventsResponse& message) -> absl::Status {
        if (!std::exchange(has_begun, true)) {
          Tell(turn.page_token.empty() ? ConsumerBootstrap::Phase::kBegun
                                       : ConsumerBootstrap::Phase::kResumed,
               turn.partitions);
        }
        return HandleExport(turn, message);
      });
  const std::string reason = GetErrorReason(attempt.status);
  if (reason == "EVENTS_NOT_EXPORTED") {
    attempt.is_final = true;
  } else if (!turn.page_token.empty() &&
             (reason == "INVALID_PAGE_TOKEN" || reason == "RESUME_TOKEN_EXPIRED")) {
    // What was begun cannot be finished; from the start it can, since nothing is applied twice.
    on_failure_({.source = source_, .status = attempt.status});
    return Export({.partitions = turn.partitions, .page_token = ""});
  }
  return attempt;
}

template <typename OpenCall, typename Response, typename Handle>
Consumer::Attempt Consumer::ReadStream(const OpenCall& open_call, Response message,
                                       const Handle& handle) {
  grpc::ClientContext context;
  rpc::SetCallOptions(rpc::NewCall(options_.stream_age_max), context);
  if (!Open(context)) {
    return {};
  }
  const auto reader = open_call(context);

  Attempt attempt;
  bool has_same_share = true;
  while (attempt.status.ok() && has_same_share && reader->Read(&message)) {
    attempt.status = handle(message);
    attempt.got_on |= attempt.status.ok();
    if (attempt.status.ok()) {
      const absl::StatusOr<bool> has_changed = applier_.Refresh();
      attempt.status = has_changed.status();
      has_same_share = has_changed.ok() && !*has_changed;
    }
  }
  const bool leaves = !attempt.status.ok() || !has_same_share;
  if (leaves) {
    attempt.is_final = !attempt.status.ok() && !IsPassing(attempt.status);
    context.TryCancel();
    while (reader->Read(&message)) {
    }
  }
  const grpc::Status ended = reader->Finish();
  Close();
  // A stream that has reached its age, or that a draining source has ended, is no failure.
  const bool is_old = ended.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && attempt.got_on;
  const bool is_planned = ended.ok() || is_old;
  if (!leaves && !is_planned) {
    attempt.status = rpc::FromGrpcStatus(ended);
    attempt.is_final = IsFinalAnswer(ended);
  }
  return attempt;
}

// Partitions that hold nothing have no state that an export could contradict, and one pass over
// everything does for all of them; of the others only those come with it that have missed events.
std::optional<ExportTurn> Consumer::ExportInstead(const absl::Status& refusal) const {
  const PartitionSet expired = ExpiredPartitions(refusal) & applier_.partitions();
  const PartitionSet untouched = applier_.untouched();
  const bool is_allowed = options_.bootstraps_when_behind || (expired & ~untouched).none();
  if (expired.none() || !is_allowed) {
    return std::nullopt;
  }
  return ExportTurn{.partitions = expired | untouched, .page_token = ""};
}

// What this process has not had yet of the partitions it has.
v1::WatchEventsRequest Consumer::MakeRequest() const {
  v1::WatchEventsRequest request;
  request.set_resume_token(EncodeResumeToken(source_, applier_.positions()));
  request.set_consumer(name_);
  *request.mutable_heartbeat_interval() = ToDurationProto(options_.heartbeat_interval);
  AddPartitions(applier_.partitions(), *request.mutable_partitions());
  return request;
}

v1::ExportEventsRequest Consumer::MakeRequest(const ExportTurn& turn) const {
  v1::ExportEventsRequest request;
  request.set_page_token(turn.page_token);
  request.set_consumer(name_);
  AddPartitions(turn.partitions, *request.mutable_partitions());
  return request;
}

absl::Status Consumer::HandleEvents(v1::WatchEventsResponse& message) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    UpdatePositionsFromProtos(message.heads(), status_.source_heads);
    status_.heard_time = clock_.Now();
    if (message.events_size() > 0) {
      status_.pending_record_time = EarliestRecordTime(message);
    }
  }
  CLIENTELE_RETURN_IF_ERROR(applier_.Apply(message));
  std::lock_guard<std::mutex> lock(mutex_);
  status_.positions = applier_.positions();
  if (HasReached(status_.positions, status_.source_heads, status_.partitions)) {
    status_.pending_record_time.reset();
  }
  status_.state = ConsumerState::kFollowing;
  status_.error = absl::OkStatus();
  return absl::OkStatus();
}

absl::Status Consumer::HandleExport(const ExportTurn& turn, v1::ExportEventsResponse& message) {
  CLIENTELE_ASSIGN_OR_RETURN(const Positions start,
                             DecodeResumeToken(source_, message.resume_token()));
  {
    // Until it is through it is as far behind as the feed is long: nobody may take it for up to
    // date.
    std::lock_guard<std::mutex> lock(mutex_);
    status_.source_heads = start;
    status_.state = ConsumerState::kExporting;
    status_.error = absl::OkStatus();
  }
  const int event_count = message.events_size();
  CLIENTELE_RETURN_IF_ERROR(applier_.ApplyExport(turn.partitions, message));
  exported_count_ += event_count;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    status_.positions = applier_.positions();
  }
  if (message.next_page_token().empty()) {
    Tell(ConsumerBootstrap::Phase::kDone, turn.partitions);
    exported_count_ = 0;
  }
  return absl::OkStatus();
}

void Consumer::Tell(ConsumerBootstrap::Phase phase, const PartitionSet& partitions) const {
  options_.on_bootstrap({.source = source_,
                         .phase = phase,
                         .partitions = partitions,
                         .event_count = exported_count_});
}

bool Consumer::Open(grpc::ClientContext& context) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_) {
    return false;
  }
  open_context_ = &context;
  return true;
}

void Consumer::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  open_context_ = nullptr;
}

void Consumer::SetShare() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (status_.partitions.none()) {
    status_.start_time = clock_.Now();
  }
  status_.partitions = applier_.partitions();
  status_.positions = applier_.positions();
}

void Consumer::SetState(ConsumerState state, const absl::Status& error) {
  std::lock_guard<std::mutex> lock(mutex_);
  status_.state = state;
  status_.error = error;
}

bool Consumer::IsStopping() {
  std::lock_guard<std::mutex> lock(mutex_);
  return stopping_;
}

bool Consumer::WaitFor(absl::Duration wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, absl::ToChronoNanoseconds(wait), [this] { return stopping_; });
}

}  // namespace clientele::feed
