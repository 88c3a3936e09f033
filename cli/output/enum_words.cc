#include "cli/output/enum_words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace clientele::cli {
namespace {

using google::protobuf::EnumDescriptor;

constexpr char kZeroSuffix[] = "UNSPECIFIED";

}  // namespace

std::string EnumWord(const EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr || number == 0) {
    return "";
  }
  absl::string_view name = value->name();
  const absl::string_view prefix =
      absl::StripSuffix(type.FindValueByNumber(0)->name(), kZeroSuffix);
  absl::ConsumePrefix(&name, prefix);
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

std::vector<std::string> EnumWords(const EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) {
      words.push_back(EnumWord(type, type.value(i)->number()));
    }
  }
  return words;
}

int EnumNumber(const EnumDescriptor& type, absl::string_view word) {
  for (int i = 0; i < type.value_count(); ++i) {
    if (!word.empty() && EnumWord(type, type.value(i)->number()) == word) {
      return type.value(i)->number();
    }
  }
  return 0;
}

}  // namespace clientele::cli
