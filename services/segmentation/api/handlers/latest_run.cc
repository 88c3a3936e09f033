#include "services/segmentation/api/handlers/latest_run.h"

#include <optional>
#include <utility>

#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/store/rfm_run_store.h"

namespace clientele::segmentation {
namespace {

// There is one of its kind.
constexpr absl::string_view kId = "rfm";

absl::StatusOr<cache::Record> Load(sql::Tx& tx) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<RunRecord> run, FindLatestSucceededRun(tx));
  if (!run.has_value()) {
    return cache::Record();
  }
  return cache::Record{.version = static_cast<int64_t>(run->run_no),
                       .payload = std::move(run->request.run_id)};
}

}  // namespace

absl::StatusOr<std::string> FindLatestRun(const ApiContext& api, const cache::ReadRule& rule,
                                          absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(cache::Record record,
                             api.cache.Get(api.cached_latest_run, kId, rule, deadline, [&] {
                               return sql::ReadIn(api.database, {.deadline = deadline}, Load);
                             }));
  if (!record.payload.has_value()) {
    return NoRfmRunSucceeded();
  }
  return *std::move(record.payload);
}

void OutdateLatestRun(const ApiContext& api, RunNo succeeded) {
  api.cache.Outdate(api.cached_latest_run, kId, static_cast<int64_t>(succeeded));
}

}  // namespace clientele::segmentation
