#include "services/profile/api/validation/import_messages.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/item_status.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/api/validation/purchase_requests.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

int64_t CountLines(const v1::ImportPurchasesBatch& batch) {
  int64_t count = 0;
  for (const v1::ImportItem& item : batch.items()) {
    count += item.order().purchase().lines_size() + item.refund().refund().lines_size();
  }
  return count;
}

PurchaseItem ReadOrder(const FieldPath& path, const v1::ImportOrder& order,
                       const ImportConfig& config, const IdentifierNormalizer& normalizer,
                       absl::Time now) {
  Violations violations;
  ImportedBuyer buyer{.make_if_missing = config.create_missing_customers};
  buyer.identifiers = normalizer.ReadAll(path, "customer_identifiers", order.customer_identifiers(),
                                         kImportIdentifiersMax, /*external_only=*/true, violations);
  std::optional<Purchase> purchase =
      ReadPurchase(path.Field("purchase"), order.purchase(), config.source_system, now, violations);
  if (!violations.empty()) return ToItemStatus(violations);
  return OrderItem{.purchase = *std::move(purchase), .buyer = std::move(buyer)};
}

PurchaseItem ReadItem(const FieldPath& path, const v1::ImportItem& item, const ImportConfig& config,
                      const IdentifierNormalizer& normalizer, absl::Time now) {
  Violations violations;
  switch (item.item_case()) {
    case v1::ImportItem::kOrder:
      return ReadOrder(path.Field("order"), item.order(), config, normalizer, now);
    case v1::ImportItem::kRefund: {
      std::optional<RefundCommand> refund = ReadImportRefund(path.Field("refund"), item.refund(),
                                                             config.source_system, now, violations);
      if (refund.has_value()) return *std::move(refund);
      return ToItemStatus(violations);
    }
    case v1::ImportItem::ITEM_NOT_SET:
      break;
  }
  violations.Add(path.ToString(), "must be an order or a refund");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<ImportConfig> ValidateImportConfig(const v1::ImportPurchasesRequest& request) {
  const FieldPath root;
  const FieldPath path = root.Field("config");
  Violations violations;
  ImportConfig config;
  if (request.has_config()) {
    config.source_system =
        ReadSourceSystem(path.Field("source_system"), request.config().source_system(), violations);
    config.create_missing_customers = request.config().create_missing_customers();
  } else {
    violations.Add(path.ToString(), "must be the first message");
  }
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return config;
}

absl::Status ValidateImportBatch(const v1::ImportPurchasesRequest& request,
                                 int64_t sequence_number) {
  Violations violations;
  if (!request.has_batch()) {
    violations.Add("batch", "must be every message but the first");
    return violations.ToStatus();
  }
  const v1::ImportPurchasesBatch& batch = request.batch();
  if (batch.sequence_number() != sequence_number) {
    violations.Add("batch.sequence_number", absl::StrCat("must be ", sequence_number));
  }
  if (batch.items().empty() || batch.items_size() > kImportItemsMax) {
    violations.Add("batch.items", absl::StrCat("must be 1..", kImportItemsMax));
  } else if (CountLines(batch) > kImportLinesMax) {
    violations.Add("batch.items", absl::StrCat("must have at most ", kImportLinesMax, " lines"));
  }
  return violations.ToStatus();
}

std::vector<PurchaseItem> ReadImportItems(const v1::ImportPurchasesBatch& batch,
                                          const ImportConfig& config,
                                          const IdentifierNormalizer& normalizer, absl::Time now) {
  const FieldPath root;
  const FieldPath path = root.Field("batch");
  std::vector<PurchaseItem> items;
  items.reserve(batch.items_size());
  for (int i = 0; i < batch.items_size(); ++i) {
    items.push_back(ReadItem(path.Item("items", i), batch.items(i), config, normalizer, now));
  }
  return items;
}

}  // namespace clientele::profile
