#include "services/loyalty/api/handlers/member_lookup.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/macros.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {

absl::StatusOr<Member> LookUpMember(sql::Tx& tx, const CustomerId& customer_id) {
  const std::vector<std::string> keys = {customer_id.value()};
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Member> members, LoadMembers(tx, keys));
  if (members.empty()) {
    return MemberNotFound(customer_id);
  }
  return std::move(members.front());
}

}  // namespace clientele::loyalty
