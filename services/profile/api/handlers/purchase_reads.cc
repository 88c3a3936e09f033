#include "services/profile/api/handlers/purchase_reads.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/handler/tx_options.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/purchase_proto.h"
#include "services/profile/api/validation/read_requests.h"
#include "services/profile/domain/errors.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {

absl::StatusOr<v1::Purchase> PurchaseReads::Get(rpc::CallContext& call,
                                                const v1::GetPurchaseRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PurchaseKey key, ValidateGetPurchase(request));
  std::optional<Purchase> purchase;
  const absl::Status read =
      api_.database.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(purchase,
                                   FindPurchase(tx, *api_.vault, key.customer_id, key.purchase_id));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  if (!purchase.has_value()) return PurchaseNotFound(key.customer_id, key.purchase_id);
  return ToPurchaseProto(*purchase);
}

absl::StatusOr<v1::ListPurchasesResponse> PurchaseReads::List(
    rpc::CallContext& call, const v1::ListPurchasesRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PurchasePageQuery query,
                             ValidateListPurchases(request, api_.page_tokens));
  std::vector<PurchaseHeader> purchases;
  const absl::Status read =
      api_.database.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerRoot> roots,
                                   LoadRoots(tx, {query.customer_id.value()}));
        if (roots.empty()) return CustomerNotFound(query.customer_id);
        // One more than asked for tells whether there is a next page.
        CLIENTELE_ASSIGN_OR_RETURN(purchases, ListPurchases(tx, query.customer_id, query.filter,
                                                            query.after, query.page_size + 1));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(read);
  v1::ListPurchasesResponse response;
  if (static_cast<int32_t>(purchases.size()) > query.page_size) {
    purchases.pop_back();
    const PurchaseHeader& last = purchases.back();
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        api_.page_tokens.Encode(
            {absl::StrCat(absl::ToUnixMicros(last.occur_time)), last.id.value()}, query.arguments));
  }
  for (const PurchaseHeader& header : purchases) {
    *response.add_purchases() = ToPurchaseProto(header);
  }
  return response;
}

}  // namespace clientele::profile
