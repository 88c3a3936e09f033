#ifndef COMMON_HANDLER_DETERMINISTIC_BYTES_H_
#define COMMON_HANDLER_DETERMINISTIC_BYTES_H_

// Messages as bytes that can be compared and hashed.

#include <string>

#include "google/protobuf/message.h"

namespace clientele {

// Equal messages give equal bytes, in every build of one schema. Pure.
std::string DeterministicBytes(const google::protobuf::Message& message);

}  // namespace clientele

#endif  // COMMON_HANDLER_DETERMINISTIC_BYTES_H_
