#ifndef SERVICES_LOYALTY_API_CONVERTERS_TIME_PROTO_H_
#define SERVICES_LOYALTY_API_CONVERTERS_TIME_PROTO_H_

// Between instants and protobuf timestamps.

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace clientele::loyalty {

// To the microsecond, as stored.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& proto) {
  return absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(proto));
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_CONVERTERS_TIME_PROTO_H_
