#ifndef CLI_CLIENT_CUSTOMER_LOOKUP_H_
#define CLI_CLIENT_CUSTOMER_LOOKUP_H_

// From what a person types for a customer to the identifiers it may be recorded under.
// Thread safety: a pure function.

#include "absl/strings/string_view.h"
#include "clientele/profile/v1/customer_service.pb.h"

namespace clientele::cli {

// Asks for `text` as the spelling of a file: in `source`, or in every source there is when `source`
// is empty; and for "<source>-<spelling>" the spelling in that source. No identifier at all when
// `text` can be none.
clientele::profile::v1::LookupCustomersRequest SpellingLookup(absl::string_view text,
                                                              absl::string_view source);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_CUSTOMER_LOOKUP_H_
