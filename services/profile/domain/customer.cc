#include "services/profile/domain/customer.h"

#include "common/status/macros.h"

namespace clientele::profile {

absl::string_view CustomerKindName(CustomerKind kind) {
  switch (kind) {
    case CustomerKind::kPerson:
      return "PERSON";
    case CustomerKind::kOrganization:
      return "ORGANIZATION";
  }
  CLIENTELE_CHECK(false);
}

absl::string_view CustomerStateName(CustomerState state) {
  switch (state) {
    case CustomerState::kActive:
      return "ACTIVE";
    case CustomerState::kDeleted:
      return "DELETED";
  }
  CLIENTELE_CHECK(false);
}

absl::string_view CommercialStatusName(CommercialStatus status) {
  switch (status) {
    case CommercialStatus::kPotential:
      return "POTENTIAL";
    case CommercialStatus::kExisting:
      return "EXISTING";
  }
  CLIENTELE_CHECK(false);
}

}  // namespace clientele::profile
