#include "common/status/log_detail.h"

#include "absl/strings/cord.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr char kLogDetailUrl[] = "clientele/log-detail";

}  // namespace

absl::Status WithLogDetail(absl::Status status, absl::string_view detail) {
  CLIENTELE_CHECK(!status.ok());
  status.SetPayload(kLogDetailUrl, absl::Cord(detail));
  return status;
}

std::string GetLogDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(kLogDetailUrl);
  return payload.has_value() ? std::string(*payload) : "";
}

}  // namespace clientele
