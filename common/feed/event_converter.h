#ifndef COMMON_FEED_EVENT_CONVERTER_H_
#define COMMON_FEED_EVENT_CONVERTER_H_

// Between the feed's rows and its messages. Thread safety: pure functions.

#include "absl/strings/string_view.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/event_record.h"
#include "common/feed/positions.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace clientele::feed {

// Fills `out`; `service_name` ("profile") gives the CloudEvents source.
void ToEventProto(absl::string_view service_name, const FeedEvent& event,
                  clientele::common::v1::Event& out);

// Appends the positions of `partitions`, in order of partition.
void AppendPositionProtos(
    const Positions& positions, const PartitionSet& partitions,
    google::protobuf::RepeatedPtrField<clientele::common::v1::PartitionPosition>& out);

// Overwrites the positions that `protos` names; partitions outside 0..15 are skipped.
void UpdatePositionsFromProtos(
    const google::protobuf::RepeatedPtrField<clientele::common::v1::PartitionPosition>& protos,
    Positions& positions);

google::protobuf::Duration ToDurationProto(absl::Duration duration);

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_CONVERTER_H_
