#ifndef SERVICES_PROFILE_API_VALIDATION_FIELDS_H_
#define SERVICES_PROFILE_API_VALIDATION_FIELDS_H_

// Reads the kinds of fields that several requests have.
//
// Each function adds what is wrong to `violations` and answers the value in domain terms; when it
// added something the value must not be used. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "common/status/error.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/profile/api/validation/field_path.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

enum class Presence { kOptional, kRequired };

// Text in NFC, trimmed, without control characters, of at most `characters_max`; required text is
// not empty.
std::string ReadText(const FieldPath& path, absl::string_view text, int64_t characters_max,
                     Presence presence, Violations& violations);

// A customer's id: what a caller may choose on create, which every id of ours satisfies.
CustomerId ReadCustomerId(const FieldPath& path, absl::string_view text, Violations& violations);

// A purchase's id, in lower case.
PurchaseId ReadPurchaseId(const FieldPath& path, absl::string_view text, Violations& violations);

// A request id in lower case, or "" when there is none and `rule`, the method's, needs none.
std::string ReadRequestId(absl::string_view text, common::v1::RequestIdRule rule,
                          Violations& violations);

// ^[a-z0-9][a-z0-9-]{0,62}$; required.
std::string ReadSourceSystem(const FieldPath& path, absl::string_view text, Violations& violations);

// When something happened, to the microsecond; not more than kOccurTimeAheadMax after `now`.
// nullopt when `time` is null, which is a violation where it is required.
std::optional<absl::Time> ReadOccurTime(const FieldPath& path,
                                        const google::protobuf::Timestamp* time, absl::Time now,
                                        Presence presence, Violations& violations);

// The version an etag names; nullopt when it is empty.
std::optional<int64_t> ReadEtag(const FieldPath& path, absl::string_view etag,
                                Violations& violations);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_FIELDS_H_
