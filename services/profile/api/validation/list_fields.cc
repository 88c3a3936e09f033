#include "services/profile/api/validation/list_fields.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/filter/field_set.h"
#include "common/filter/filter.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/profile/domain/attribute.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {
namespace {

template <typename Enum>
FilterValue Stored(Enum value) {
  return static_cast<int64_t>(value);
}

FieldSet CustomerFields() {
  return FieldSet({
      EnumField("kind", "kind",
                {{"PERSON", Stored(CustomerKind::kPerson)},
                 {"ORGANIZATION", Stored(CustomerKind::kOrganization)}}),
      EnumField("state", "state",
                {{"ACTIVE", Stored(CustomerState::kActive)},
                 {"DELETED", Stored(CustomerState::kDeleted)}}),
      EnumField("commercial_status", "commercial_status",
                {{"POTENTIAL", Stored(CommercialStatus::kPotential)},
                 {"EXISTING", Stored(CommercialStatus::kExisting)}}),
      TimestampField("create_time", "create_time"),
      TimestampField("update_time", "update_time"),
      StringField("region_code", "region_code"),
      StringField("language_code", "language_code"),
  });
}

FieldSet PurchaseFields() {
  return FieldSet({
      StringField("source_system", "source_system"),
      EnumField("state", "state",
                {{"PLACED", Stored(PurchaseState::kPlaced)},
                 {"PARTIALLY_REFUNDED", Stored(PurchaseState::kPartiallyRefunded)},
                 {"REFUNDED", Stored(PurchaseState::kRefunded)},
                 {"CANCELLED", Stored(PurchaseState::kCancelled)}}),
      TimestampField("occur_time", "occur_time"),
      StringField("currency_code", "currency_code"),
      StringField("channel", "channel"),
      StringField("store", "store"),
      StringField("region", "region"),
  });
}

absl::Status NotIndexed(const Filter& filter, const FieldSet& fields) {
  for (const FilterComparison& comparison : filter.comparisons) {
    const absl::string_view name = absl::StripPrefix(comparison.field, "attributes.");
    if (fields.Find(name) != nullptr) continue;
    if (FindAttributeByName(name) == nullptr && name != "identifiers") continue;
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "FILTER_NOT_INDEXED",
                        absl::StrCat("filter: ", name, " is personal; use LookupCustomers"))
        .Metadata("field", name)
        .Metadata("position", absl::StrCat(comparison.field_position))
        .Field("filter", absl::StrCat("at character ", comparison.field_position, ": ", name,
                                      " is personal and has no readable column"))
        .Build();
  }
  return absl::OkStatus();
}

BoundComparison OnlyActive() {
  return BoundComparison{.field = "state",
                         .sql = "state",
                         .op = FilterOperator::kEqual,
                         .value = Stored(CustomerState::kActive)};
}

}  // namespace

absl::StatusOr<BoundFilter> ReadCustomerFilter(absl::string_view text) {
  const FieldSet fields = CustomerFields();
  CLIENTELE_ASSIGN_OR_RETURN(const Filter filter, ParseFilter(text));
  CLIENTELE_RETURN_IF_ERROR(NotIndexed(filter, fields));
  CLIENTELE_ASSIGN_OR_RETURN(BoundFilter bound, BindFilter(filter, fields));
  const bool names_state =
      std::any_of(bound.comparisons.begin(), bound.comparisons.end(),
                  [](const BoundComparison& comparison) { return comparison.field == "state"; });
  if (!names_state) bound.comparisons.push_back(OnlyActive());
  return bound;
}

absl::StatusOr<BoundFilter> ReadPurchaseFilter(absl::string_view text) {
  return ParseAndBindFilter(text, PurchaseFields());
}

}  // namespace clientele::profile
