#include "services/segmentation/api/handlers/analytics.h"

#include <string>
#include <vector>

#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"
#include "services/segmentation/api/converters/report_converter.h"
#include "services/segmentation/api/validation/report_requests.h"
#include "services/segmentation/api/validation/requests.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/sales_report.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/order_log_store.h"
#include "services/segmentation/store/report_store.h"

namespace clientele::segmentation {
namespace {

// The currency asked for, else the only one of the orders; empty when there is no order.
absl::StatusOr<std::string> CurrencyOf(sql::Tx& tx, const SalesQuery& query) {
  if (!query.currency_code.empty()) {
    return query.currency_code;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> currencies,
                             ListOrderCurrencies(tx, query.source_system));
  if (currencies.size() > 1) {
    return ReportCurrencyRequired(currencies);
  }
  return currencies.empty() ? std::string() : currencies.front();
}

absl::StatusOr<v1::ReportSalesResponse> SumSales(sql::Tx& tx, const SalesQuery& query,
                                                 absl::Time as_of) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string currency_code, CurrencyOf(tx, query));
  SalesCounter counter({query.period, query.zone, kSalesRowsMax});
  CLIENTELE_RETURN_IF_ERROR(
      ReadSoldOrders(tx,
                     {.begin = query.begin,
                      .end = query.end,
                      .as_of = as_of,
                      .currency_code = currency_code,
                      .source_system = query.source_system,
                      .dimension = query.dimension},
                     [&counter](const SoldOrder& order) { return counter.Add(order); }));
  v1::ReportSalesResponse response = ToProto(query.period, counter);
  response.set_currency_code(currency_code);
  return response;
}

}  // namespace

absl::StatusOr<v1::CountBuyersResponse> Analytics::Count(
    rpc::CallContext& call, const v1::CountBuyersRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CountBuyersQuery query, Validate(request));
  const absl::Time as_of = query.as_of.value_or(api_.BusinessNow());
  CLIENTELE_ASSIGN_OR_RETURN(
      const BuyerCounts counts, ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
        return CountBuyers(
            tx,
            {.as_of = as_of, .source_system = query.source_system, .min_orders = query.min_orders});
      }));
  v1::CountBuyersResponse response;
  response.set_customer_count(counts.customer_count);
  response.set_bought_count(counts.bought_count);
  response.set_bought_repeatedly_count(counts.bought_repeatedly_count);
  response.set_never_bought_count(counts.customer_count - counts.bought_count);
  response.set_min_orders(query.min_orders);
  *response.mutable_as_of_time() = ToTimestamp(as_of);
  return response;
}

absl::StatusOr<v1::ReportSalesResponse> Analytics::Sales(
    rpc::CallContext& call, const v1::ReportSalesRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const SalesQuery query, Validate(request));
  const absl::Time as_of = query.as_of.value_or(api_.BusinessNow());
  CLIENTELE_ASSIGN_OR_RETURN(v1::ReportSalesResponse response,
                             ReadIn(api_.database, TxOptionsOf(call),
                                    [&](sql::Tx& tx) { return SumSales(tx, query, as_of); }));
  *response.mutable_as_of_time() = ToTimestamp(as_of);
  response.set_time_zone(query.time_zone);
  return response;
}

}  // namespace clientele::segmentation
