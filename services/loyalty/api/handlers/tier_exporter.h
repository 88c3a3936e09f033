#ifndef SERVICES_LOYALTY_API_HANDLERS_TIER_EXPORTER_H_
#define SERVICES_LOYALTY_API_HANDLERS_TIER_EXPORTER_H_

// Tells consumers that come late of the members' tiers.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/event_exporter.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// One tier.changed of each member, with the tier that the feed was told last: as if the member had
// just enrolled in it, with the member's last feed_seq, and without the end of its validity.
// Nothing about points. Immutable.
class TierExporter final : public feed::EventExporter {
 public:
  // `configured` as of LoadProgram; outlives it.
  explicit TierExporter(const Program& configured) : configured_(configured) {}

  // Also INTERNAL when the program has no such tier.
  absl::StatusOr<feed::ExportPage> ReadPage(sql::Tx& tx, absl::string_view cursor) const override;

 private:
  const Program& configured_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_TIER_EXPORTER_H_
