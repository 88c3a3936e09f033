#include "services/profile/api/converters/item_status.h"

#include "absl/strings/str_cat.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {

absl::Status ToItemStatus(const Violations& violations) {
  if (violations.all().size() <= kItemViolationsMax) return violations.ToStatus();
  Violations listed;
  for (int i = 0; i < kItemViolationsMax; ++i) {
    listed.Add(violations.all()[i].field, violations.all()[i].description);
  }
  listed.Add(violations.all()[kItemViolationsMax].field,
             absl::StrCat(violations.all()[kItemViolationsMax].description, " (and ",
                          violations.all().size() - kItemViolationsMax - 1, " more)"));
  return listed.ToStatus();
}

}  // namespace clientele::profile
