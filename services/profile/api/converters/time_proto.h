#ifndef SERVICES_PROFILE_API_CONVERTERS_TIME_PROTO_H_
#define SERVICES_PROFILE_API_CONVERTERS_TIME_PROTO_H_

// Instants as protobuf timestamps.

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::profile {

// To the microsecond, as stored.
inline void SetTimestamp(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t unix_us = absl::ToUnixMicros(time);
  const int64_t micros = ((unix_us % 1'000'000) + 1'000'000) % 1'000'000;
  proto.set_seconds((unix_us - micros) / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(micros * 1'000));
}

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_TIME_PROTO_H_
