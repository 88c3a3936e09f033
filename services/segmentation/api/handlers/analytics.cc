#include "services/segmentation/api/handlers/analytics.h"

#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "google/protobuf/util/time_util.h"
#include "services/segmentation/api/validation/requests.h"
#include "services/segmentation/store/order_log_store.h"

namespace clientele::segmentation {

absl::StatusOr<v1::CountBuyersResponse> Analytics::Count(
    rpc::CallContext& call, const v1::CountBuyersRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CountBuyersQuery query, Validate(request));
  const absl::Time as_of = query.as_of.value_or(api_.BusinessNow());
  CLIENTELE_ASSIGN_OR_RETURN(const BuyerCounts counts,
                             ReadIn(api_.database, {.deadline = call.deadline}, [&](sql::Tx& tx) {
                               return CountBuyers(tx, {.as_of = as_of,
                                                       .source_system = query.source_system,
                                                       .min_orders = query.min_orders});
                             }));
  v1::CountBuyersResponse response;
  response.set_customer_count(counts.customer_count);
  response.set_bought_count(counts.bought_count);
  response.set_bought_repeatedly_count(counts.bought_repeatedly_count);
  response.set_never_bought_count(counts.customer_count - counts.bought_count);
  response.set_min_orders(query.min_orders);
  *response.mutable_as_of_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(as_of));
  return response;
}

}  // namespace clientele::segmentation
