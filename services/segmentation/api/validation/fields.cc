#include "services/segmentation/api/validation/fields.h"

#include <cstdint>
#include <optional>

#include "common/ids/id_format.h"
#include "common/money/currency.h"
#include "common/rpc/request_id_rule.h"
#include "common/time/civil.h"
#include "common/time/timestamp.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {
namespace {

constexpr absl::CivilDay kAsOfMin(1900, 1, 1);
constexpr absl::CivilDay kAsOfMax(2200, 1, 1);
constexpr int32_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

std::string CheckRequestId(const rpc::CallContext& call, absl::string_view request_id,
                           Violations& violations) {
  rpc::ValidateRequestId(call.request_id_rule, request_id, violations);
  return CanonicalUuid(request_id).value_or("");
}

void CheckChosenId(absl::string_view field, absl::string_view id, Violations& violations) {
  if (!IsCallerChosenId(id)) {
    violations.Add(field, "must match ^[a-z0-9][a-z0-9-]{2,62}$");
  }
}

std::string CheckRunId(absl::string_view field, absl::string_view run_id, Violations& violations) {
  const std::optional<std::string> canonical = CanonicalUuid(run_id);
  if (!canonical.has_value()) {
    violations.Add(field, "must be a UUID");
  }
  return canonical.value_or("");
}

std::string CheckOptionalRunId(absl::string_view field, absl::string_view run_id,
                               Violations& violations) {
  return run_id.empty() ? "" : CheckRunId(field, run_id, violations);
}

void CheckVersion(absl::string_view field, int64_t version, Violations& violations) {
  if (version < 0) {
    violations.Add(field, "must not be negative");
  }
}

void CheckSourceSystem(absl::string_view field, absl::string_view source_system,
                       Violations& violations) {
  if (!source_system.empty() && !IsSourceSystem(source_system)) {
    violations.Add(field, "must match ^[a-z0-9][a-z0-9-]{0,62}$");
  }
}

absl::CivilDay CheckAsOfDate(absl::string_view field, absl::string_view date,
                             Violations& violations) {
  const absl::StatusOr<absl::CivilDay> day = ParseDate(date);
  if (!day.ok()) {
    violations.Add(field, day.status().message());
    return kAsOfMin;
  }
  if (*day < kAsOfMin || *day > kAsOfMax) {
    violations.Add(field, "must lie from 1900-01-01 to 2200-01-01");
  }
  return *day;
}

absl::TimeZone CheckTimeZone(absl::string_view field, absl::string_view time_zone,
                             Violations& violations) {
  if (time_zone.empty()) {
    return absl::UTCTimeZone();
  }
  const absl::StatusOr<absl::TimeZone> zone = LoadTimeZone(time_zone);
  if (!zone.ok()) {
    violations.Add(field, zone.status().message());
  }
  return zone.value_or(absl::UTCTimeZone());
}

void CheckOptionalCurrency(absl::string_view field, absl::string_view currency_code,
                           Violations& violations) {
  const absl::Status known =
      currency_code.empty() ? absl::OkStatus() : CurrencyCode::Parse(currency_code).status();
  if (!known.ok()) {
    violations.Add(field, known.message());
  }
}

absl::Time CheckTime(absl::string_view field, const google::protobuf::Timestamp& time,
                     Violations& violations) {
  const bool in_range = time.seconds() >= kUnixMicrosMin / kMicrosPerSecond &&
                        time.seconds() < kUnixMicrosEnd / kMicrosPerSecond && time.nanos() >= 0 &&
                        time.nanos() < kNanosPerSecond;
  if (!in_range) {
    violations.Add(field, "must lie within the years 1 to 9999, nanos from 0 to 999999999");
    return absl::UnixEpoch();
  }
  return absl::FromUnixMicros(time.seconds() * kMicrosPerSecond + time.nanos() / 1000);
}

}  // namespace clientele::segmentation
