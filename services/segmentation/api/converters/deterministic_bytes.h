#ifndef SERVICES_SEGMENTATION_API_CONVERTERS_DETERMINISTIC_BYTES_H_
#define SERVICES_SEGMENTATION_API_CONVERTERS_DETERMINISTIC_BYTES_H_

// Messages as bytes that can be compared and hashed.

#include <string>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"

namespace clientele::segmentation {

// Equal messages give equal bytes. Pure.
inline std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_CONVERTERS_DETERMINISTIC_BYTES_H_
