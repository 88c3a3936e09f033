#ifndef SERVICES_COMPLAINTS_API_VALIDATION_FIELDS_H_
#define SERVICES_COMPLAINTS_API_VALIDATION_FIELDS_H_

// Reads the kinds of fields that several requests have.
//
// Each function adds what is wrong to `violations` under the proto path `field` and answers the
// value in domain terms; when it added something the value must not be used. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/call_context.h"
#include "common/status/error.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::complaints {

enum class Presence { kOptional, kRequired };

// A request id in lower case, "" when there is none and the method needs none.
std::string ReadRequestId(const rpc::CallContext& call, absl::string_view text,
                          Violations& violations);

// ^[a-z0-9][a-z0-9-]{2,62}$
std::string ReadId(absl::string_view field, absl::string_view text, Presence presence,
                   Violations& violations);

// A UUID in lower case; required.
std::string ReadUuid(absl::string_view field, absl::string_view text, Violations& violations);

// At most `count_max` of them, all different: ids as ReadId's, or UUIDs.
std::vector<std::string> ReadIds(absl::string_view field,
                                 const google::protobuf::RepeatedPtrField<std::string>& texts,
                                 int count_max, Violations& violations);
std::vector<std::string> ReadUuids(absl::string_view field,
                                   const google::protobuf::RepeatedPtrField<std::string>& texts,
                                   int count_max, Violations& violations);

// One line in NFC, trimmed, without control characters, of at most `characters_max`.
std::string ReadLine(absl::string_view field, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations);

// The same where tabs and line breaks are allowed.
std::string ReadText(absl::string_view field, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations);

// A value of the enum `type` but the zero value.
int ReadEnum(absl::string_view field, const google::protobuf::EnumDescriptor& type, int number,
             Violations& violations);

// Empty, or the shape of a BCP-47 tag: "zh-Hans".
std::string ReadLanguageCode(absl::string_view field, absl::string_view text,
                             Violations& violations);

// When something happened, to the microsecond, `now` when not set; not more than
// kOccurTimeAheadMax after `now`.
absl::Time ReadOccurTime(absl::string_view field, bool is_set,
                         const google::protobuf::Timestamp& time, absl::Time now,
                         Violations& violations);

// The version an etag names; nullopt when it is empty.
std::optional<int64_t> ReadEtag(absl::string_view field, absl::string_view etag,
                                Violations& violations);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_VALIDATION_FIELDS_H_
