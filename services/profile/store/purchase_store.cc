#include "services/profile/store/purchase_store.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/filter/sql.h"
#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/sql/filter_params.h"
#include "common/status/macros.h"
#include "services/profile/store/places.h"
#include "services/profile/store/purchase_rows.h"
#include "services/profile/store/sql_purchase.h"

namespace clientele::profile {
namespace {

absl::Status LoadRefunds(sql::Tx& tx, const sealing::Vault& vault, Purchase& purchase) {
  const std::string& customer_id = purchase.header.customer_id.value();
  const std::string& purchase_id = purchase.header.id.value();
  absl::flat_hash_map<std::string, size_t> index_by_number;
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys, vault.Load(tx, {customer_id}));
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kSelectRefunds, {{customer_id, purchase_id}}, [&](const sql::Row& row) -> absl::Status {
        purchase.refunds.push_back(RefundFromRow(row));
        CLIENTELE_ASSIGN_OR_RETURN(
            sealing::OpenedText reason,
            sealing::ReadText(keys, RefundPlace(customer_id, RefundRow(purchase_id, row.Text(0))),
                              row, 5, 7));
        purchase.refunds.back().reason = std::move(reason.text);
        index_by_number.emplace(purchase.refunds.back().refund_number, purchase.refunds.size() - 1);
        return absl::OkStatus();
      }));
  return tx.Query(kSelectRefundLines, {{customer_id, purchase_id}}, [&](const sql::Row& row) {
    purchase.refunds[index_by_number.at(row.Text(0))].lines.push_back(
        {.line_number = static_cast<int32_t>(row.Int64(1)),
         .quantity = row.Int64(2),
         .amount_minor = row.Int64(3)});
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::optional<Purchase>> FindPurchase(sql::Tx& tx, const sealing::Vault& vault,
                                                     const CustomerId& customer_id,
                                                     const PurchaseId& purchase_id) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<PurchaseHeader> header,
                             FindPurchaseHeader(tx, customer_id, purchase_id));
  if (!header.has_value()) return std::optional<Purchase>();
  Purchase purchase{.header = *std::move(header)};
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectPurchaseLines,
                                     {{customer_id.value(), purchase_id.value()}},
                                     [&purchase](const sql::Row& row) {
                                       purchase.lines.push_back(LineFromRow(row));
                                       return absl::OkStatus();
                                     }));
  if (purchase.header.refund_count > 0) CLIENTELE_RETURN_IF_ERROR(LoadRefunds(tx, vault, purchase));
  return std::optional<Purchase>(std::move(purchase));
}

absl::StatusOr<std::vector<PurchaseHeader>> ListPurchases(
    sql::Tx& tx, const CustomerId& customer_id, const BoundFilter& filter,
    const std::optional<PurchasePosition>& after, int64_t count_max) {
  const SqlCondition condition = CompileToSql(filter, 5);
  const int64_t before_us =
      after.has_value() ? after->occur_us : std::numeric_limits<int64_t>::max();
  const absl::string_view before_id = after.has_value() ? after->purchase_id : absl::string_view();
  std::vector<sql::Param> params = {customer_id.value(), before_us, before_id, count_max};
  sql::AppendFilterParams(condition.values, params);
  std::vector<PurchaseHeader> purchases;
  CLIENTELE_RETURN_IF_ERROR(tx.QueryText(
      kListPurchasesName, absl::StrCat(kListPurchasesHead, condition.text, kListPurchasesTail),
      params, [&purchases](const sql::Row& row) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(PurchaseHeader header, PurchaseHeaderFromRow(row));
        purchases.push_back(std::move(header));
        return absl::OkStatus();
      }));
  return purchases;
}

absl::StatusOr<std::vector<std::string>> ListSourceSystems(sql::Tx& tx, int count_max) {
  std::vector<std::string> systems;
  for (int i = 0; i < count_max; ++i) {
    std::optional<std::string> next;
    const std::string before = systems.empty() ? "" : systems.back();
    CLIENTELE_RETURN_IF_ERROR(
        tx.Query(kSelectNextSourceSystem, {{before}}, [&next](const sql::Row& row) {
          if (!row.IsNull(0)) next = std::string(row.Text(0));
          return absl::OkStatus();
        }));
    if (!next.has_value()) break;
    systems.push_back(*std::move(next));
  }
  return systems;
}

}  // namespace clientele::profile
