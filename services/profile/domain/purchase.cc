#include "services/profile/domain/purchase.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/status/macros.h"
#include "services/profile/domain/canonical_text.h"

namespace clientele::profile {
namespace {

// Made once at random; every purchase_id depends on it.
constexpr absl::string_view kPurchaseNamespace = "5d0f6c1e-8a34-4b52-9a37-c2b1f0e7d946";

}  // namespace

absl::string_view PurchaseStateName(PurchaseState state) {
  switch (state) {
    case PurchaseState::kPlaced:
      return "PLACED";
    case PurchaseState::kPartiallyRefunded:
      return "PARTIALLY_REFUNDED";
    case PurchaseState::kRefunded:
      return "REFUNDED";
    case PurchaseState::kCancelled:
      return "CANCELLED";
  }
  CLIENTELE_CHECK(false);
}

PurchaseId PurchaseIdOf(absl::string_view source_system, absl::string_view order_number) {
  // A source system holds no slash, so the name is unambiguous.
  const absl::StatusOr<std::string> uuid =
      UuidV5(kPurchaseNamespace, absl::StrCat(source_system, "/", order_number));
  CLIENTELE_CHECK(uuid.ok());
  return PurchaseId(*uuid);
}

absl::Status ComputeTotals(Purchase& purchase) {
  PurchaseHeader& header = purchase.header;
  header.gross_minor = 0;
  header.unit_count = 0;
  header.line_count = static_cast<int32_t>(purchase.lines.size());
  for (PurchaseLine& line : purchase.lines) {
    CLIENTELE_ASSIGN_OR_RETURN(
        line.gross_minor, LineAmountMinor(line.quantity, line.unit_price_micros, header.currency));
    CLIENTELE_ASSIGN_OR_RETURN(header.gross_minor, AddMinor(header.gross_minor, line.gross_minor));
    header.unit_count += line.quantity;
  }
  return absl::OkStatus();
}

std::string CanonicalContent(const Purchase& purchase) {
  const PurchaseHeader& header = purchase.header;
  CanonicalText text;
  text.Text("purchase.1")
      .Text(header.customer_id.value())
      .Text(header.source_system)
      .Text(header.order_number)
      .Time(header.occur_time)
      .Text(header.currency.ToString())
      .Text(header.channel)
      .Text(header.store)
      .Text(header.region)
      .Number(static_cast<int64_t>(purchase.lines.size()));
  for (const PurchaseLine& line : purchase.lines) {
    text.Number(line.line_number)
        .Text(line.sku)
        .Text(line.category)
        .Number(line.quantity)
        .Number(line.unit_price_micros);
  }
  return std::move(text).Take();
}

}  // namespace clientele::profile
