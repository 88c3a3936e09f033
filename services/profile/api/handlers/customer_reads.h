#ifndef SERVICES_PROFILE_API_HANDLERS_CUSTOMER_READS_H_
#define SERVICES_PROFILE_API_HANDLERS_CUSTOMER_READS_H_

// The RPCs that read customers and facts.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "common/rpc/call_context.h"
#include "common/rpc/prepared.h"
#include "common/sql/database.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// Errors as at the RPC in customer_service.proto. Get and BatchGet read through the cache, each
// other read sees one snapshot. Thread-safe; `api` outlives it.
class CustomerReads {
 public:
  explicit CustomerReads(const ApiContext& api) : api_(api) {}

  // The bytes that the cache holds.
  absl::StatusOr<rpc::Prepared<v1::Customer>> Get(rpc::CallContext& call,
                                                  const v1::GetCustomerRequest& request) const;
  // What Get would answer, if the process holds it: never blocks.
  std::optional<absl::StatusOr<rpc::Prepared<v1::Customer>>> TryGet(
      rpc::CallContext& call, const v1::GetCustomerRequest& request) const;
  absl::StatusOr<v1::BatchGetCustomersResponse> BatchGet(
      rpc::CallContext& call, const v1::BatchGetCustomersRequest& request) const;
  absl::StatusOr<v1::ListCustomersResponse> List(rpc::CallContext& call,
                                                 const v1::ListCustomersRequest& request) const;
  absl::StatusOr<v1::LookupCustomersResponse> Lookup(
      rpc::CallContext& call, const v1::LookupCustomersRequest& request) const;
  absl::StatusOr<v1::ListFactsResponse> ListFacts(rpc::CallContext& call,
                                                  const v1::ListFactsRequest& request) const;

 private:
  // The customers `ids` as they are in the database now, in order.
  absl::StatusOr<std::vector<cache::Record>> Load(absl::Time deadline,
                                                  const std::vector<std::string>& ids) const;
  // Who has the identifier, the most recently attached first; deleted customers too.
  absl::StatusOr<std::vector<CustomerId>> HoldersOf(sql::Tx& tx, const v1::Identifier& asked) const;

  const ApiContext& api_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_CUSTOMER_READS_H_
