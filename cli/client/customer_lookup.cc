#include "cli/client/customer_lookup.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/import/purchase_format.h"
#include "cli/import/text.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::Identifier;
using clientele::profile::v1::LookupCustomersRequest;

// Longer text is no identifier, and the server would refuse the whole request.
constexpr size_t kIdentifierBytesMax = 200;

void AddSpelling(absl::string_view source, absl::string_view spelling,
                 LookupCustomersRequest& request) {
  if (spelling.empty() || spelling.size() > kIdentifierBytesMax) {
    return;
  }
  Identifier& identifier = *request.add_identifiers();
  identifier.set_type(clientele::profile::v1::IDENTIFIER_TYPE_EXTERNAL);
  identifier.set_system(std::string(source));
  identifier.set_value(std::string(spelling));
}

}  // namespace

LookupCustomersRequest SpellingLookup(absl::string_view text, absl::string_view source) {
  std::vector<std::string> sources = {Slug(source)};
  if (source.empty()) {
    sources = {std::string(ToString(PurchaseFormat::kOnlineRetail)),
               std::string(ToString(PurchaseFormat::kCdnow)),
               std::string(ToString(PurchaseFormat::kRfmOrders)),
               std::string(ToString(PurchaseFormat::kCsv))};
  }
  LookupCustomersRequest request;
  for (const std::string& each : sources) {
    AddSpelling(each, text, request);
    absl::string_view spelling = text;
    if (absl::ConsumePrefix(&spelling, absl::StrCat(each, "-"))) {
      AddSpelling(each, spelling, request);
    }
  }
  return request;
}

}  // namespace clientele::cli
