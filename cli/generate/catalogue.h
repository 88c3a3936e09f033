#ifndef CLI_GENERATE_CATALOGUE_H_
#define CLI_GENERATE_CATALOGUE_H_

// The words of the generated files, all of them made up for it: what the shop sells, where, to
// people of which names, and what they complain about. Everything is a constant.

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::cli {

struct Product {
  absl::string_view sku;
  absl::string_view category;
  int64_t price_minor = 0;
};

// By ascending price.
absl::Span<const Product> Products();

// Where customers live.
struct Market {
  absl::string_view region_code;  // CLDR
  absl::string_view language_code;
  double share = 0;  // of the customers; all of them add up to 1
  absl::Span<const absl::string_view> localities;
  absl::Span<const absl::string_view> given_names;  // female at even places, male at odd ones
  absl::Span<const absl::string_view> family_names;
  bool family_name_first = false;  // and without a blank between
  absl::string_view phone_prefix;  // up to the digits that vary; empty: no phone numbers
  int phone_digits = 0;            // that vary; the range is one reserved for fiction
};
absl::Span<const Market> Markets();

// Names of organizations: one of each list.
absl::Span<const absl::string_view> OrganizationNames();
absl::Span<const absl::string_view> OrganizationKinds();

// Where an order was placed.
struct SalesChannel {
  absl::string_view name;
  double share = 0;  // of the customers who prefer it; all of them add up to 1
};
absl::Span<const SalesChannel> SalesChannels();

absl::Span<const absl::string_view> RefundReasons();

// How a complaint comes in, in the spelling `import complaints` takes.
absl::Span<const absl::string_view> ComplaintChannels();

struct ComplaintPhrase {
  absl::string_view language_code;
  absl::string_view type;  // in the spelling `import complaints` takes
  absl::string_view subject;
  absl::string_view description;
  absl::string_view desired_remedy;
};
absl::Span<const ComplaintPhrase> ComplaintPhrases();

}  // namespace clientele::cli

#endif  // CLI_GENERATE_CATALOGUE_H_
