#include "common/feed/consumer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/backoff.h"
#include "common/feed/event_converter.h"
#include "common/feed/resume_token.h"
#include "common/rpc/client.h"
#include "common/rpc/status_mapping.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"

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

}  // namespace

// How one attempt ended.
struct Consumer::Attempt {
  absl::Status status;
  bool is_final = false;  // trying again cannot help
  bool waits_for_lease = false;
  bool got_on = false;  // applied something: begin the backoff anew
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
      applier_(
          source_,
          Lease(absl::StrCat("consumer/", source_), options_.holder, options_.lease_ttl, clock),
          database, handler) {
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
    if (!WaitFor(attempt.waits_for_lease ? options_.lease_ttl / 4 : backoff.Next())) {
      break;
    }
  }
  const absl::Status released = applier_.Release();
  if (!released.ok()) {
    on_failure_({.source = source_, .status = released});  // the lease runs out by itself
  }
  SetState(ConsumerState::kStopped, absl::OkStatus());
}

Consumer::Attempt Consumer::FollowOnce() {
  const absl::StatusOr<bool> begun = applier_.Begin();
  if (!begun.ok()) {
    return {.status = begun.status(), .is_final = !IsPassing(begun.status())};
  }
  if (!*begun) {
    return {.waits_for_lease = true};
  }
  return FollowStream();
}

Consumer::Attempt Consumer::FollowStream() {
  grpc::ClientContext context;
  rpc::SetCallOptions(rpc::NewCall(options_.stream_age_max), context);
  if (!Open(context)) {
    return {};
  }
  v1::WatchEventsRequest request;
  request.set_resume_token(EncodeResumeToken(source_, applier_.positions()));
  request.set_consumer(name_);
  *request.mutable_heartbeat_interval() = ToDurationProto(options_.heartbeat_interval);
  const auto reader = stub_->WatchEvents(&context, request);

  Attempt attempt;
  v1::WatchEventsResponse message;
  while (attempt.status.ok() && reader->Read(&message)) {
    attempt.status = HandleMessage(message);
    attempt.got_on |= attempt.status.ok();
  }
  if (!attempt.status.ok()) {
    attempt.is_final = !IsPassing(attempt.status);
    context.TryCancel();
    while (reader->Read(&message)) {
    }
  }
  const grpc::Status ended = reader->Finish();
  Close();
  // A stream that has reached its age, or that a draining source has ended, is no failure.
  const bool is_old = ended.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && attempt.got_on;
  const bool is_planned = ended.ok() || is_old;
  if (attempt.status.ok() && !is_planned) {
    attempt.status = rpc::FromGrpcStatus(ended);
    attempt.is_final = IsFinalAnswer(ended);
  }
  return attempt;
}

absl::Status Consumer::HandleMessage(v1::WatchEventsResponse& message) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    UpdatePositionsFromProtos(message.heads(), status_.source_heads);
    status_.heard_time = clock_.Now();
  }
  CLIENTELE_RETURN_IF_ERROR(applier_.Apply(message));
  std::lock_guard<std::mutex> lock(mutex_);
  status_.positions = applier_.positions();
  status_.state = ConsumerState::kFollowing;
  status_.error = absl::OkStatus();
  return absl::OkStatus();
}

bool Consumer::Open(grpc::ClientContext& context) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_) {
    return false;
  }
  open_context_ = &context;
  status_.positions = applier_.positions();
  return true;
}

void Consumer::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  open_context_ = nullptr;
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
