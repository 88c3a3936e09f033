#include "common/rpc/request_id_rule.h"

#include "common/ids/id_format.h"

namespace clientele::rpc {

void ValidateRequestId(common::v1::RequestIdRule rule, absl::string_view request_id,
                       Violations& violations) {
  if (request_id.empty()) {
    if (rule == common::v1::REQUEST_ID_RULE_REQUIRED) {
      violations.Add("request_id", "is required");
    }
  } else if (!IsUuid(request_id)) {
    violations.Add("request_id", "must be a UUID");
  }
}

}  // namespace clientele::rpc
