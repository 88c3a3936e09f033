#include "common/cache/redis/subscriber.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

// Whether `reply` is what a channel sends: [kind, channel, ...].
bool IsPush(const Reply& reply, absl::string_view kind) {
  return reply.elements.size() == 3 && reply.elements[0].text == kind;
}

absl::Status NoNodeAnswers() { return absl::UnavailableError("no node of Redis answers"); }

}  // namespace

Subscriber::Subscriber(Topology& topology, std::string channel, absl::Duration silence_max,
                       Listener listener)
    : topology_(topology),
      channel_(std::move(channel)),
      silence_max_(silence_max),
      listener_(std::move(listener)),
      told_(NoNodeAnswers()),  // before the first look at the nodes that is no news
      thread_([this] { ListenAgainAndAgain(); }) {}

Subscriber::~Subscriber() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (connection_ != nullptr) {
      connection_->ShutDown();
    }
  }
  stopped_.notify_one();
  thread_.join();
}

bool Subscriber::SetConnection(const Connection* connection) {
  std::lock_guard<std::mutex> lock(mutex_);
  connection_ = connection;
  return !stopping_;
}

void Subscriber::ListenAgainAndAgain() {
  while (true) {
    absl::Status reason = ListenOnce();
    std::unique_lock<std::mutex> lock(mutex_);
    if (stopping_) {
      reason = absl::CancelledError("stopping");
    }
    lock.unlock();
    TellDown(reason);
    lock.lock();
    if (stopped_.wait_for(lock, absl::ToChronoMilliseconds(kProbeInterval),
                          [this] { return stopping_; })) {
      return;
    }
  }
}

void Subscriber::TellDown(const absl::Status& reason) {
  if (reason != told_) {
    told_ = reason;
    listener_.on_down(reason);
  }
}

absl::Status Subscriber::ListenOnce() {
  const std::shared_ptr<Node> node = topology_.AnyUsableNode();
  if (node == nullptr) {
    return NoNodeAnswers();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                             node->Open(absl::Now() + kProbeTimeMax));
  const absl::Cleanup forget = [this] { SetConnection(nullptr); };
  if (!SetConnection(connection.get())) {
    return absl::CancelledError("stopping");
  }
  CLIENTELE_RETURN_IF_ERROR(Subscribe(*connection));
  told_ = absl::OkStatus();
  listener_.on_up();
  return HearMessages(*connection);
}

absl::Status Subscriber::Subscribe(Connection& connection) {
  CLIENTELE_ASSIGN_OR_RETURN(const Reply reply,
                             connection.Ask({"SUBSCRIBE", channel_}, absl::Now() + kProbeTimeMax));
  return IsPush(reply, "subscribe") ? absl::OkStatus()
                                    : absl::PermissionDeniedError("SUBSCRIBE was refused");
}

absl::Status Subscriber::HearMessages(Connection& connection) {
  std::string ping;
  AppendCommand({"PING"}, ping);
  bool is_asked = false;  // for a sign of life, which has not come yet
  while (true) {
    absl::StatusOr<Reply> reply = connection.Receive(absl::Now() + silence_max_);
    if (reply.ok()) {
      is_asked = false;
      if (IsPush(*reply, "message")) {
        listener_.on_message(reply->elements[2].text);
      }
      continue;
    }
    if (!absl::IsDeadlineExceeded(reply.status()) || is_asked) {
      return reply.status();
    }
    CLIENTELE_RETURN_IF_ERROR(connection.Send(ping, absl::Now() + silence_max_));
    is_asked = true;
  }
}

}  // namespace clientele::redis
