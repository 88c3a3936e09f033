#ifndef COMMON_FEED_TESTING_SCRIPTED_SOURCE_H_
#define COMMON_FEED_TESTING_SCRIPTED_SOURCE_H_

// A source that says whatever a test wants, and what such a test lets it say.

#include <functional>
#include <string>
#include <utility>

#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/rpc/status_mapping.h"

namespace clientele::feed {

namespace v1 = clientele::common::v1;

using WatchWriter = grpc::ServerWriter<v1::WatchEventsResponse>;
using WatchScript =
    std::function<grpc::Status(grpc::ServerContext&, const v1::WatchEventsRequest&, WatchWriter&)>;

using ExportWriter = grpc::ServerWriter<v1::ExportEventsResponse>;
using ExportScript = std::function<grpc::Status(const v1::ExportEventsRequest&, ExportWriter&)>;

inline grpc::Status RefuseExport(const v1::ExportEventsRequest&, ExportWriter&) {
  return rpc::ToGrpcStatus(EventsNotExported("profile"), "profile.clientele");
}

// A source whose streams run a script.
class ScriptedSource final : public v1::EventService::Service {
 public:
  ScriptedSource(WatchScript script, ExportScript export_script)
      : script_(std::move(script)), export_script_(std::move(export_script)) {}

  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           WatchWriter* writer) override {
    return script_(*context, *request, *writer);
  }

  grpc::Status ExportEvents(grpc::ServerContext*, const v1::ExportEventsRequest* request,
                            ExportWriter* writer) override {
    return export_script_(*request, *writer);
  }

 private:
  const WatchScript script_;
  const ExportScript export_script_;
};

// Events `first`..`last` of one customer, whose partition is 0 as far as the consumer knows.
inline v1::WatchEventsResponse MakeMessage(int64_t first, int64_t last) {
  v1::WatchEventsResponse message;
  for (int64_t position = first; position <= last; ++position) {
    ToEventProto("profile", {0, position, MakeEvent("c-1", position)}, *message.add_events());
  }
  Positions next{};
  next[0] = last;
  message.set_next_resume_token(EncodeResumeToken("profile", next));
  AppendPositionProtos(next, AllPartitions(), *message.mutable_heads());
  return message;
}

inline PartitionSet OnlyTheFirst() { return PartitionSet().set(0); }

// Where every export here begins: at the fifth event of partition 0.
inline Positions ExportStart() {
  Positions start{};
  start[0] = 5;
  return start;
}

// Event `seq` of an export, or none when it is 0; `next` is the page token behind it.
inline v1::ExportEventsResponse MakeExport(int64_t seq, const std::string& next) {
  v1::ExportEventsResponse message;
  if (seq > 0) {
    ToEventProto("profile", {0, ExportStart()[0], MakeEvent("c-1", seq)}, *message.add_events());
  }
  message.set_next_page_token(next);
  message.set_resume_token(EncodeResumeToken("profile", ExportStart()));
  return message;
}

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_SCRIPTED_SOURCE_H_
