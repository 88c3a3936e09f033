#include "services/complaints/api/validation/read_requests.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/filter/bound_filter.h"
#include "common/filter/field_set.h"
#include "common/pagination/page_size.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"
#include "common/status/value_unless.h"
#include "services/complaints/api/validation/fields.h"
#include "services/complaints/domain/complaint_number.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {
namespace {

// Every value of an enum by its name without the enum's prefix; they are stored as numbers.
std::map<std::string, FilterValue> ValuesOf(const google::protobuf::EnumDescriptor& type) {
  constexpr absl::string_view kZeroSuffix = "UNSPECIFIED";
  const absl::string_view prefix =
      absl::StripSuffix(type.FindValueByNumber(0)->name(), kZeroSuffix);
  std::map<std::string, FilterValue> values;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) {
      values[std::string(absl::StripPrefix(type.value(i)->name(), prefix))] =
          int64_t{type.value(i)->number()};
    }
  }
  return values;
}

FieldSet ComplaintFields() {
  return FieldSet({
      EnumField("state", "state", ValuesOf(*v1::ComplaintState_descriptor())),
      EnumField("channel", "channel", ValuesOf(*v1::ComplaintChannel_descriptor())),
      EnumField("type", "type", ValuesOf(*v1::ComplaintType_descriptor())),
      Int64Field("severity", "severity"),
      BoolField("safety", "safety"),
      EnumField("tier", "tier", ValuesOf(*v1::CustomerTier_descriptor())),
      EnumField("customer_verification", "verification",
                ValuesOf(*v1::CustomerVerification_descriptor())),
      StringField("assignee_id", "assignee_id"),
      Int64Field("reopen_count", "reopen_count"),
      TimestampField("occur_time", "occur_time"),
      TimestampField("record_time", "record_time"),
      TimestampField("acknowledge_time", "acknowledge_time").Nullable(),
      TimestampField("resolve_time", "resolve_time").Nullable(),
      TimestampField("close_time", "close_time").Nullable(),
  });
}

template <typename Request>
ComplaintTarget ReadTarget(const Request& request, Violations& violations) {
  return {.customer_id = CustomerId(
              ReadId("customer_id", request.customer_id(), Presence::kRequired, violations)),
          .complaint_id = ComplaintId(
              ReadId("complaint_id", request.complaint_id(), Presence::kRequired, violations)),
          .expected_version = std::nullopt};
}

ComplaintOrder ReadOrder(absl::string_view order_by, Violations& violations) {
  if (order_by == "priority") {
    return ComplaintOrder::kMostUrgentFirst;
  }
  if (!order_by.empty()) {
    violations.Add("order_by", "must be empty or \"priority\"");
  }
  return ComplaintOrder::kNewestFirst;
}

// The place a token names; a token of ours holds nothing else, since it is authenticated.
std::optional<ComplaintPosition> PositionOf(const PageCursor& cursor) {
  ComplaintPosition position;
  if (cursor.size() != 4 || !absl::SimpleAtoi(cursor[0], &position.priority_rank) ||
      !absl::SimpleAtoi(cursor[1], &position.record_us)) {
    return std::nullopt;
  }
  position.customer_id = cursor[2];
  position.complaint_id = cursor[3];
  return position;
}

}  // namespace

absl::StatusOr<ComplaintTarget> ValidateGet(const v1::GetComplaintRequest& request) {
  Violations violations;
  ComplaintTarget target = ReadTarget(request, violations);
  // There is no cache that could be behind it.
  ReadEtag("min_etag", request.min_etag(), violations);
  return ValueUnless(violations, std::move(target));
}

absl::StatusOr<ComplaintTarget> ValidateExplain(const v1::ExplainPriorityRequest& request) {
  Violations violations;
  ComplaintTarget target = ReadTarget(request, violations);
  return ValueUnless(violations, std::move(target));
}

absl::StatusOr<std::string> ValidateLookup(const v1::LookupComplaintRequest& request) {
  Violations violations;
  std::optional<std::string> number = ParseComplaintNumber(request.complaint_number());
  if (!number.has_value()) {
    violations.Add("complaint_number", request.complaint_number().empty()
                                           ? "is required"
                                           : "is no complaint number; is it mistyped?");
  }
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return *std::move(number);
}

absl::StatusOr<ComplaintPage> ValidateList(const v1::ListComplaintsRequest& request,
                                           const PageTokenCodec& tokens) {
  Violations violations;
  ComplaintPage page;
  page.query.customer_id =
      CustomerId(ReadId("customer_id", request.customer_id(), Presence::kOptional, violations));
  page.query.order = ReadOrder(request.order_by(), violations);
  page.page_size = ResolvePageSize(
      request.page_size(),
      {.default_count = kComplaintPageSizeDefault, .max_count = kComplaintPageSizeMax}, violations);
  absl::StatusOr<BoundFilter> filter = ParseAndBindFilter(request.filter(), ComplaintFields());
  page.arguments = absl::StrCat("ListComplaints\n", request.customer_id(), "\n", request.order_by(),
                                "\n", request.filter());
  const absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), page.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {filter.status(), cursor.status()}));
  page.query.filter = *std::move(filter);
  page.query.after = PositionOf(*cursor);
  return page;
}

PageCursor CursorAfter(const Complaint& last) {
  return {absl::StrCat(last.priority_rank), absl::StrCat(absl::ToUnixMicros(last.record_time)),
          last.customer_id.value(), last.id.value()};
}

absl::StatusOr<TimelinePage> ValidateListTimeline(const v1::ListTimelineRequest& request,
                                                  const PageTokenCodec& tokens) {
  Violations violations;
  TimelinePage page;
  page.target = ReadTarget(request, violations);
  page.page_size = ResolvePageSize(
      request.page_size(),
      {.default_count = kTimelinePageSizeDefault, .max_count = kTimelinePageSizeMax}, violations);
  page.arguments =
      absl::StrCat("ListTimeline\n", request.customer_id(), "\n", request.complaint_id());
  const absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), page.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {cursor.status()}));
  if (cursor->size() == 1 && !absl::SimpleAtoi(cursor->front(), &page.after_number)) {
    page.after_number = 0;
  }
  return page;
}

}  // namespace clientele::complaints
