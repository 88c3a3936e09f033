#include "services/profile/domain/fact.h"

#include <tuple>

namespace clientele::profile {

bool Supersedes(const Fact& challenger, const Fact& shown) {
  return std::tie(challenger.origin.occur_time, challenger.record_time, challenger.id) >
         std::tie(shown.origin.occur_time, shown.record_time, shown.id);
}

absl::string_view ShownValue(const ShownFacts& shown, Attribute attribute) {
  const auto fact = shown.find(attribute);
  return fact == shown.end() ? absl::string_view() : absl::string_view(fact->second.value);
}

}  // namespace clientele::profile
