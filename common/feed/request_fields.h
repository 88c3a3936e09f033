#ifndef COMMON_FEED_REQUEST_FIELDS_H_
#define COMMON_FEED_REQUEST_FIELDS_H_

// The fields that requests about a feed have in common. Thread safety: pure functions.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/feed/positions.h"
#include "common/status/error.h"
#include "google/protobuf/repeated_field.h"

namespace clientele::feed {

// The field "partitions"; none = all. A partition out of range or named twice is a violation.
PartitionSet ReadPartitions(const google::protobuf::RepeatedField<int32_t>& partitions,
                            Violations& violations);

// The field "consumer"; may be empty. Any but kConsumerNameLengthMax plain characters is a
// violation.
std::string ReadConsumerName(absl::string_view name, Violations& violations);

}  // namespace clientele::feed

#endif  // COMMON_FEED_REQUEST_FIELDS_H_
