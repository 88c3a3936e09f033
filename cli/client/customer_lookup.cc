#include "cli/client/customer_lookup.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/import/limits.h"
#include "cli/import/text.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::Identifier;
using clientele::profile::v1::LookupCustomersRequest;

// Longer text is no identifier, and the server would refuse the whole request.
constexpr size_t kIdentifierBytesMax = 200;

// Hyphens after which a spelling may begin; no source has more in its name.
constexpr int kHyphensMax = 16;

void AddSpelling(absl::string_view source, absl::string_view spelling,
                 LookupCustomersRequest& request) {
  Identifier& identifier = *request.add_identifiers();
  identifier.set_type(clientele::profile::v1::IDENTIFIER_TYPE_EXTERNAL);
  identifier.set_system(std::string(source));
  identifier.set_value(std::string(spelling));
}

// Takes each part of `text` before a hyphen for the name of a source.
void AddEverySplit(absl::string_view text, LookupCustomersRequest& request) {
  size_t hyphen = text.find('-');
  for (int i = 0; i < kHyphensMax && hyphen != absl::string_view::npos; ++i) {
    const absl::string_view source = text.substr(0, hyphen);
    const absl::string_view spelling = text.substr(hyphen + 1);
    const bool is_source =
        !source.empty() && source.size() <= kSourceBytesMax && Slug(source) == source;
    if (is_source && !spelling.empty()) {
      AddSpelling(source, spelling, request);
    }
    hyphen = text.find('-', hyphen + 1);
  }
}

}  // namespace

LookupCustomersRequest SpellingLookup(absl::string_view text, absl::string_view source) {
  LookupCustomersRequest request;
  if (text.empty() || text.size() > kIdentifierBytesMax) {
    return request;
  }
  const std::string system = Slug(source);
  AddSpelling(system, text, request);
  absl::string_view spelling = text;
  if (system.empty()) {
    AddEverySplit(text, request);
  } else if (absl::ConsumePrefix(&spelling, absl::StrCat(system, "-")) && !spelling.empty()) {
    AddSpelling(system, spelling, request);
  }
  return request;
}

}  // namespace clientele::cli
