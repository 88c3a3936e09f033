#include "common/feed/event_converter.h"

#include "absl/strings/str_cat.h"
#include "common/time/time_proto.h"
#include "google/protobuf/util/time_util.h"

namespace clientele::feed {

namespace v1 = clientele::common::v1;

google::protobuf::Duration ToDurationProto(absl::Duration duration) {
  return google::protobuf::util::TimeUtil::MicrosecondsToDuration(
      absl::ToInt64Microseconds(duration));
}

void ToEventProto(absl::string_view service_name, const FeedEvent& event, v1::Event& out) {
  out.set_id(event.event.event_id);
  out.set_source(absl::StrCat("clientele/", service_name));
  out.set_spec_version("1.0");
  out.set_type(event.event.type);
  out.set_subject(event.event.subject);
  out.set_customer_id(event.event.customer_id);
  out.set_feed_seq(event.event.feed_seq);
  *out.mutable_occur_time() = ToTimestamp(event.event.occur_time);
  *out.mutable_record_time() = ToTimestamp(event.event.record_time);
  out.set_partition(event.partition);
  out.set_position(event.position);
  out.mutable_data()->set_type_url(absl::StrCat("type.googleapis.com/", event.event.data_type));
  out.mutable_data()->set_value(event.event.data);
  out.set_traceparent(event.event.traceparent);
}

void AppendPositionProtos(const Positions& positions, const PartitionSet& partitions,
                          google::protobuf::RepeatedPtrField<v1::PartitionPosition>& out) {
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p]) {
      v1::PartitionPosition& position = *out.Add();
      position.set_partition(p);
      position.set_position(positions[p]);
    }
  }
}

void UpdatePositionsFromProtos(
    const google::protobuf::RepeatedPtrField<v1::PartitionPosition>& protos, Positions& positions) {
  for (const v1::PartitionPosition& proto : protos) {
    if (proto.partition() >= 0 && proto.partition() < kPartitionCount) {
      positions[proto.partition()] = proto.position();
    }
  }
}

}  // namespace clientele::feed
