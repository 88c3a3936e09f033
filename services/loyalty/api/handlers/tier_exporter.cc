#include "services/loyalty/api/handlers/tier_exporter.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/limits.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

absl::StatusOr<Event> TierEvent(const Program& program, const ToldTier& told) {
  if (told.rank < 0 || static_cast<size_t>(told.rank) >= program.tiers.size()) {
    return absl::InternalError(absl::StrCat("the program has no tier of rank ", told.rank));
  }
  return Event{.id = {},
               .customer_id = told.customer_id,
               .feed_seq = told.feed_seq,
               .occur_time = told.record_time,
               .record_time = told.record_time,
               .body = TierChanged{.previous_tier = "",
                                   .tier = program.tiers[told.rank].name,
                                   .rank = told.rank,
                                   .reason = TierChangeReason::kEnrolled,
                                   .valid_until = std::nullopt}};
}

}  // namespace

absl::StatusOr<feed::ExportPage> TierExporter::ReadPage(sql::Tx& tx,
                                                        absl::string_view cursor) const {
  CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, configured_));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<ToldTier> tiers,
                             ListToldTiers(tx, cursor, feed::kReadEventsMax));
  feed::ExportPage page;
  page.events.reserve(tiers.size());
  for (const ToldTier& told : tiers) {
    CLIENTELE_ASSIGN_OR_RETURN(const Event event, TierEvent(program, told));
    page.events.push_back(ToExportedEvent(event));
  }
  if (tiers.size() == feed::kReadEventsMax) {
    page.cursor = tiers.back().customer_id.value();
  }
  return page;
}

}  // namespace clientele::loyalty
