#ifndef SERVICES_PROFILE_DOMAIN_FACT_H_
#define SERVICES_PROFILE_DOMAIN_FACT_H_

// The unit of knowledge, and which of several facts a customer shows.
//
// Thread safety: values and pure functions.

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/profile/domain/attribute.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// How a fact was collected; the numbers are those of the proto enum.
enum class CollectionChannel {
  kWebRegistration = 1,
  kServiceConversation = 2,
  kSurvey = 3,
  kMarketingCampaign = 4,
  kAfterSales = 5,
  kTraditionalMedia = 6,
  kSocial = 7,
  kSystem = 8,
  kImport = 9,
};

// Where a value comes from.
struct FactOrigin {
  CollectionChannel channel = CollectionChannel::kSystem;
  std::string source_system;
  absl::Time occur_time;  // when it was true or said
};

// Who said what, when. Append-only.
struct Fact {
  FactId id;
  Attribute attribute = Attribute::kDisplayName;
  std::string value;    // "" = known to be empty, or erased
  bool erased = false;  // its customer's key is no more: nobody knows the value
  FactOrigin origin;
  absl::Time record_time;
};

// The survivorship rule LATEST: true when `challenger` is to be shown instead of `shown`. Later
// occur_time wins, then later record_time, then the greater id, so that any two facts are ordered
// and the outcome does not depend on the order of arrival.
bool Supersedes(const Fact& challenger, const Fact& shown);

// The fact shown per attribute.
using ShownFacts = std::map<Attribute, Fact>;

// The value shown, "" when nothing is known; a view into `shown`.
absl::string_view ShownValue(const ShownFacts& shown, Attribute attribute);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_FACT_H_
