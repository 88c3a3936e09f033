#include "services/profile/api/validation/read_requests.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/pagination/page_size.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/api/validation/identifier_normalizer.h"
#include "services/profile/api/validation/list_fields.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

// Cursors hold (microseconds, id); a token of ours holds nothing else, since it is authenticated.
struct TimeAndId {
  int64_t time_us = 0;
  std::string id;
};

std::optional<TimeAndId> ReadCursor(const absl::StatusOr<PageCursor>& cursor) {
  TimeAndId position;
  if (!cursor.ok() || cursor->size() != 2) return std::nullopt;
  if (!absl::SimpleAtoi((*cursor)[0], &position.time_us)) return std::nullopt;
  position.id = (*cursor)[1];
  return position;
}

}  // namespace

absl::StatusOr<CustomerQuery> ValidateGetCustomer(const v1::GetCustomerRequest& request) {
  const FieldPath root;
  Violations violations;
  CustomerQuery query;
  query.id = ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  const std::optional<int64_t> min_version =
      ReadEtag(root.Field("min_etag"), request.min_etag(), violations);
  query.rule = ToReadRule(request.consistency(), min_version, violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return query;
}

absl::StatusOr<std::vector<CustomerQuery>> ValidateBatchGetCustomers(
    const v1::BatchGetCustomersRequest& request) {
  const FieldPath root;
  Violations violations;
  const int count = request.customer_ids_size();
  if (count < 1 || count > kBatchGetCustomersMax) {
    violations.Add("customer_ids", absl::StrCat("must be 1..", kBatchGetCustomersMax));
    return violations.ToStatus();
  }
  const int etag_count = request.min_etags_size();
  if (etag_count != 0 && etag_count != count) {
    violations.Add("min_etags", "must be none, or one for each of customer_ids");
    return violations.ToStatus();
  }
  const cache::ReadRule rule = ToReadRule(request.consistency(), std::nullopt, violations);
  std::vector<CustomerQuery> queries;
  queries.reserve(count);
  for (int i = 0; i < count; ++i) {
    CustomerQuery query{.rule = rule};
    query.id = ReadCustomerId(root.Item("customer_ids", i), request.customer_ids(i), violations);
    if (etag_count > 0) {
      query.rule.min_version =
          ReadEtag(root.Item("min_etags", i), request.min_etags(i), violations).value_or(0);
    }
    queries.push_back(std::move(query));
  }
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return queries;
}

absl::Status ValidateLookupCustomers(const v1::LookupCustomersRequest& request) {
  const FieldPath root;
  Violations violations;
  const int count = request.identifiers_size();
  if (count < 1 || count > kLookupIdentifiersMax) {
    violations.Add("identifiers", absl::StrCat("must be 1..", kLookupIdentifiersMax));
    return violations.ToStatus();
  }
  for (int i = 0; i < count; ++i) {
    IdentifierNormalizer::CheckShape(root.Item("identifiers", i), request.identifiers(i),
                                     Presence::kOptional, violations);
  }
  return violations.ToStatus();
}

absl::StatusOr<CustomerPageQuery> ValidateListCustomers(const v1::ListCustomersRequest& request,
                                                        const PageTokenCodec& tokens) {
  Violations violations;
  CustomerPageQuery query;
  query.page_size = ResolvePageSize(
      request.page_size(),
      {.default_count = kCustomerPageSizeDefault, .max_count = kCustomerPageSizeMax}, violations);
  absl::StatusOr<BoundFilter> filter = ReadCustomerFilter(request.filter());
  query.arguments = absl::StrCat("ListCustomers\n", request.filter());
  absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), query.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {filter.status(), cursor.status()}));
  query.filter = *std::move(filter);
  if (!cursor->empty()) query.after_id = cursor->front();
  return query;
}

absl::StatusOr<FactPageQuery> ValidateListFacts(const v1::ListFactsRequest& request,
                                                const PageTokenCodec& tokens) {
  const FieldPath root;
  Violations violations;
  FactPageQuery query;
  query.customer_id = ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  query.page_size = ResolvePageSize(
      request.page_size(), {.default_count = kFactPageSizeDefault, .max_count = kFactPageSizeMax},
      violations);
  query.arguments = absl::StrCat("ListFacts\n", request.customer_id());
  const absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), query.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {cursor.status()}));
  if (std::optional<TimeAndId> position = ReadCursor(cursor); position.has_value()) {
    query.after = FactPosition{position->time_us, std::move(position->id)};
  }
  return query;
}

absl::StatusOr<PurchaseKey> ValidateGetPurchase(const v1::GetPurchaseRequest& request) {
  const FieldPath root;
  Violations violations;
  PurchaseKey key;
  key.customer_id = ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  key.purchase_id = ReadPurchaseId(root.Field("purchase_id"), request.purchase_id(), violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return key;
}

absl::StatusOr<PurchasePageQuery> ValidateListPurchases(const v1::ListPurchasesRequest& request,
                                                        const PageTokenCodec& tokens) {
  const FieldPath root;
  Violations violations;
  PurchasePageQuery query;
  query.customer_id = ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  query.page_size = ResolvePageSize(
      request.page_size(),
      {.default_count = kPurchasePageSizeDefault, .max_count = kPurchasePageSizeMax}, violations);
  absl::StatusOr<BoundFilter> filter = ReadPurchaseFilter(request.filter());
  query.arguments = absl::StrCat("ListPurchases\n", request.customer_id(), "\n", request.filter());
  const absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), query.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {filter.status(), cursor.status()}));
  query.filter = *std::move(filter);
  if (std::optional<TimeAndId> position = ReadCursor(cursor); position.has_value()) {
    query.after = PurchasePosition{position->time_us, std::move(position->id)};
  }
  return query;
}

}  // namespace clientele::profile
