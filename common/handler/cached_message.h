#ifndef COMMON_HANDLER_CACHED_MESSAGE_H_
#define COMMON_HANDLER_CACHED_MESSAGE_H_

// Answers in the cache, and what a Get or BatchGet insists on. Pure functions.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "clientele/common/v1/consistency.pb.h"
#include "common/cache/freshness.h"
#include "common/cache/record.h"
#include "common/status/error.h"
#include "google/protobuf/message_lite.h"

namespace clientele {

// What the fields `consistency` and min_etag (its version; nullopt = not set) ask for. Adds a
// violation of the field "consistency" when its value is none of the enum.
cache::ReadRule ToReadRule(common::v1::Consistency consistency, std::optional<int64_t> min_version,
                           Violations& violations);

// The record of an aggregate that reads answer as `message`; it is valid for ever.
cache::Record MakeRecord(int64_t version, const google::protobuf::MessageLite& message);

// The message that MakeRecord was given; `record` has a payload (CHECK). INTERNAL when it holds
// something else.
absl::Status ReadRecord(const cache::Record& record, google::protobuf::MessageLite& message);

}  // namespace clientele

#endif  // COMMON_HANDLER_CACHED_MESSAGE_H_
