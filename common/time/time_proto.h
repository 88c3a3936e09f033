#ifndef COMMON_TIME_TIME_PROTO_H_
#define COMMON_TIME_TIME_PROTO_H_

// Between instants and protobuf's timestamps, to the microsecond, as everything is stored. Pure
// functions.

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace clientele {

// `time` must lie in the years 1 to 9999.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

// Of a valid timestamp.
inline absl::Time FromTimestamp(const google::protobuf::Timestamp& proto) {
  return absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(proto));
}

}  // namespace clientele

#endif  // COMMON_TIME_TIME_PROTO_H_
