#ifndef CLI_OUTPUT_PROTO_JSON_H_
#define CLI_OUTPUT_PROTO_JSON_H_

// A protobuf message as JSON with original field names and 64-bit integers as numbers (the standard
// proto JSON writes them as strings, which tools like jq then cannot add up).

#include <nlohmann/json.hpp>

#include "google/protobuf/message.h"

namespace clientele::cli {

// Converts `message` by reflection, so it may be a generated or a dynamic message. Timestamps
// become RFC 3339 text, Durations "1.5s", FieldMasks "a,b", enums their names, bytes base64, an Any
// its message with "@type" when the message's pool or this program knows the type. Fields that are
// not set are left out unless `with_defaults`; then singular scalars and lists appear with their
// default values.
nlohmann::ordered_json ToJson(const google::protobuf::Message& message, bool with_defaults);

}  // namespace clientele::cli

#endif  // CLI_OUTPUT_PROTO_JSON_H_
