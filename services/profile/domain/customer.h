#ifndef SERVICES_PROFILE_DOMAIN_CUSTOMER_H_
#define SERVICES_PROFILE_DOMAIN_CUSTOMER_H_

// A customer: its root row, and with what belongs to it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/profile/domain/fact.h"
#include "services/profile/domain/identifier.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// The numbers of these enums are those of the proto enums.
enum class CustomerKind { kPerson = 1, kOrganization = 2 };
enum class CustomerState { kActive = 1, kDeleted = 2 };
enum class CommercialStatus { kPotential = 1, kExisting = 2 };

// "PERSON", "ACTIVE", "POTENTIAL": in rows and filters.
absl::string_view CustomerKindName(CustomerKind kind);
absl::string_view CustomerStateName(CustomerState state);
absl::string_view CommercialStatusName(CommercialStatus status);

// The root row: what a transaction locks, and what lists filter on.
struct CustomerRoot {
  CustomerId id;
  CustomerKind kind = CustomerKind::kPerson;
  CustomerState state = CustomerState::kActive;
  CommercialStatus commercial_status = CommercialStatus::kPotential;
  std::string source_system;  // the system it first came from
  int64_t version = 0;        // the etag: grows with every change that a reader can see
  int64_t feed_seq = 0;       // the number of its last event
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;
  // When it was created, and last deleted or undeleted, in the business; unset where a row is older
  // than these columns, or nothing of the kind has happened.
  std::optional<absl::Time> create_occur_time;
  std::optional<absl::Time> state_occur_time;
  std::string region_code;    // generalised: as shown
  std::string language_code;  // generalised: as shown
};

// A customer as a reader sees it.
struct Customer {
  CustomerRoot root;
  ShownFacts shown;
  std::vector<Identifier> identifiers;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_CUSTOMER_H_
