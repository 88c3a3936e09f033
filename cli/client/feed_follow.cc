#include "cli/client/feed_follow.h"

#include <utility>

#include "absl/time/clock.h"
#include "cli/client/server_status.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace clientele::cli {
namespace {

using clientele::common::v1::EventService;
using clientele::common::v1::WatchEventsRequest;
using clientele::common::v1::WatchEventsResponse;

// How one stream ended.
struct StreamEnd {
  absl::Status status;
  bool is_done = false;  // nobody wants more, or the head is reached
  bool got_on = false;   // at least one message came
};

// Reads one stream and moves the token of `request` past each message.
StreamEnd ReadStream(EventService::Stub& stub, WatchEventsRequest& request,
                     absl::FunctionRef<bool(const WatchEventsResponse&)> on_message) {
  StreamEnd end;
  grpc::ClientContext context;
  const auto reader = stub.WatchEvents(&context, request);
  WatchEventsResponse message;
  bool caught_up = false;
  while (!end.is_done && reader->Read(&message)) {
    end.got_on = true;
    end.is_done = !on_message(message);
    caught_up = message.caught_up();
    request.set_resume_token(message.next_resume_token());
  }
  if (end.is_done) {
    context.TryCancel();
    while (reader->Read(&message)) {
    }
    reader->Finish();
    return end;
  }
  end.status = FromServer(reader->Finish());
  if (end.status.ok()) {
    // So ends a stream that was to stop at the head, and one whose server shuts down.
    end.is_done = request.stop_at_head() && caught_up;
    end.status = end.is_done ? absl::OkStatus() : absl::UnavailableError("the server went away");
  }
  return end;
}

}  // namespace

absl::Status FollowFeed(const std::shared_ptr<grpc::Channel>& channel, WatchEventsRequest request,
                        const FeedFollowOptions& options,
                        absl::FunctionRef<bool(const WatchEventsResponse&)> on_message) {
  const auto stub = EventService::NewStub(channel);
  int reopens_left = 0;
  absl::Duration backoff = options.backoff_min;
  while (true) {
    const StreamEnd end = ReadStream(*stub, request, on_message);
    if (end.is_done) {
      return absl::OkStatus();
    }
    if (end.got_on) {
      reopens_left = kReopensMax;
      backoff = options.backoff_min;
    }
    if (!MayPass(end.status) || reopens_left == 0) {
      return end.status;
    }
    --reopens_left;
    absl::SleepFor(backoff);
    backoff *= 2;
    // Waiting is also what makes gRPC try to connect again; whether it worked shows at the stream.
    channel->WaitForConnected(absl::ToChronoTime(absl::Now() + options.reconnect_timeout));
  }
}

}  // namespace clientele::cli
