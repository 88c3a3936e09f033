#include "cli/commands/watch.h"

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/feed_follow.h"
#include "cli/commands/command.h"
#include "cli/output/proto_json.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/complaints/v1/events.pb.h"
#include "clientele/loyalty/v1/events.pb.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::common::v1::EventService;
using clientele::common::v1::FeedHead;
using clientele::common::v1::GetFeedHeadRequest;
using clientele::common::v1::WatchEventsRequest;
using clientele::common::v1::WatchEventsResponse;

struct WatchOptions {
  std::string service;
  std::string resume_token;
  std::vector<std::string> types;
  bool stop_at_head = false;
};

// Keeps the types an event may carry in the program: the linker drops what nobody names.
void LinkEventTypes() {
  clientele::profile::v1::PurchaseRecorded::descriptor();
  clientele::loyalty::v1::TierChanged::descriptor();
  clientele::complaints::v1::ComplaintFiled::descriptor();
}

// One line per event. The last event of a message carries the token that resumes after it, so that
// a reader that was cut off misses nothing.
void PrintEvents(const WatchEventsResponse& response, const Environment& environment) {
  for (int i = 0; i < response.events_size(); ++i) {
    nlohmann::ordered_json line = ToJson(response.events(i), true);
    if (i + 1 == response.events_size()) {
      line["next_resume_token"] = response.next_resume_token();
    }
    environment.PrintJson(line);
  }
}

absl::Status Watch(const WatchOptions& options, Environment& environment) {
  LinkEventTypes();
  CLIENTELE_ASSIGN_OR_RETURN(const auto channel, environment.Connect(options.service));
  WatchEventsRequest request;
  request.set_resume_token(options.resume_token);
  if (options.resume_token.empty()) {
    // What is no longer kept cannot be asked for.
    const auto stub = EventService::NewStub(channel);
    CLIENTELE_ASSIGN_OR_RETURN(
        const FeedHead head,
        Call(environment, *stub, &EventService::Stub::GetFeedHead, GetFeedHeadRequest()));
    request.set_resume_token(head.oldest_resume_token());
  }
  request.mutable_types()->Assign(options.types.begin(), options.types.end());
  request.set_stop_at_head(options.stop_at_head);
  std::string token;
  const absl::Status status =
      FollowFeed(channel, request, {}, [&](const WatchEventsResponse& response) {
        PrintEvents(response, environment);
        token = response.next_resume_token();
        return true;
      });
  if (!token.empty()) {
    environment.Note(absl::StrCat("clientele: resume with --from '", token, "'"));
  }
  return status;
}

}  // namespace

void AddWatchCommand(CLI::App& app, Environment& environment) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command =
      app.add_subcommand("watch",
                         "Print a service's feed as JSON lines from the oldest event it keeps, "
                         "then follow it");
  command->add_option("SERVICE", options->service, absl::StrJoin(kServices, " or "))
      ->required()
      ->check(ServiceValidator());
  command->add_option("--from", options->resume_token,
                      "A next_resume_token printed before: go on after it");
  command->add_option("--types", options->types, "Only these event types, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_flag("--stop-at-head", options->stop_at_head,
                    "End once everything recorded so far was printed");
  command->footer("It goes on over restarts of the server and prints each event once.");
  OnRun(command, options, environment, Watch);
}

}  // namespace clientele::cli
