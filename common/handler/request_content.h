#ifndef COMMON_HANDLER_REQUEST_CONTENT_H_
#define COMMON_HANDLER_REQUEST_CONTENT_H_

// What a request asks for, apart from how it asks. Pure functions.

#include <string>

#include "google/protobuf/message.h"

namespace clientele {

// The request in the one deterministic form without the fields request_id, which may be spelled in
// two ways, and validate_only: what tells whether two requests ask for the same.
std::string ContentOf(const google::protobuf::Message& request);

// Whether the request has a field validate_only that is true: it is checked and answered, and has
// no effect.
bool IsValidateOnly(const google::protobuf::Message& request);

}  // namespace clientele

#endif  // COMMON_HANDLER_REQUEST_CONTENT_H_
