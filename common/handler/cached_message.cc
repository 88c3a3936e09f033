#include "common/handler/cached_message.h"

#include "common/status/macros.h"

namespace clientele {

cache::ReadRule ToReadRule(common::v1::Consistency consistency, std::optional<int64_t> min_version,
                           Violations& violations) {
  if (!common::v1::Consistency_IsValid(consistency)) {
    violations.Add("consistency", "must be BOUNDED, STRONG or unset");
  }
  return {.min_version = min_version.value_or(0),
          .strong = consistency == common::v1::CONSISTENCY_STRONG};
}

cache::Record MakeRecord(int64_t version, const google::protobuf::MessageLite& message) {
  return {.version = version,
          .valid_until = absl::InfiniteFuture(),
          .payload = message.SerializeAsString()};
}

absl::Status ReadRecord(const cache::Record& record, google::protobuf::MessageLite& message) {
  CLIENTELE_CHECK(record.payload.has_value());
  return message.ParseFromString(*record.payload)
             ? absl::OkStatus()
             : absl::InternalError("a cached answer cannot be read");
}

}  // namespace clientele
