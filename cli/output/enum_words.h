#ifndef CLI_OUTPUT_ENUM_WORDS_H_
#define CLI_OUTPUT_ENUM_WORDS_H_

// Enums of the contracts as the words people type and read. Thread safety: pure functions.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace clientele::cli {

// The values of an enum as people type them, without the zero value: RFM_METHOD_R_RFM of RfmMethod
// is "r-rfm".
std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& type);

// The word of a value; "" for the zero value and for unknown numbers.
std::string EnumWord(const google::protobuf::EnumDescriptor& type, int number);

// The number of a word of EnumWords; 0 for anything else.
int EnumNumber(const google::protobuf::EnumDescriptor& type, absl::string_view word);

}  // namespace clientele::cli

#endif  // CLI_OUTPUT_ENUM_WORDS_H_
