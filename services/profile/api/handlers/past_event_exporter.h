#ifndef SERVICES_PROFILE_API_HANDLERS_PAST_EVENT_EXPORTER_H_
#define SERVICES_PROFILE_API_HANDLERS_PAST_EVENT_EXPORTER_H_

// Tells consumers that come late of customers and their purchases.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/event_exporter.h"

namespace clientele::profile {

// customer.created, purchase.recorded, .refunded and .cancelled as the feed told them; one
// customer.updated with the present state where there was any change; no fact.changed. Stateless.
class PastEventExporter final : public feed::EventExporter {
 public:
  absl::StatusOr<feed::ExportPage> ReadPage(sql::Tx& tx, absl::string_view cursor) const override;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_PAST_EVENT_EXPORTER_H_
