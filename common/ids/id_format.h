#ifndef COMMON_IDS_ID_FORMAT_H_
#define COMMON_IDS_ID_FORMAT_H_

// What an id may look like. Ids are text everywhere: server-made UUIDs or chosen by the caller.
//
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele {

// True for the 36 characters 8-4-4-4-12 of hexadecimal digits, in either case, any UUID version.
bool IsUuid(absl::string_view text);

// The UUID in lower case, so that one request id written in two ways is one key; nullopt when
// `text` is not a UUID.
std::optional<std::string> CanonicalUuid(absl::string_view text);

// True for ^[a-z0-9][a-z0-9-]{2,62}$: what a caller may choose on Create. Every canonical UUID
// passes too, so this is also the test of "could this be an id of ours at all".
bool IsCallerChosenId(absl::string_view text);

}  // namespace clientele

#endif  // COMMON_IDS_ID_FORMAT_H_
