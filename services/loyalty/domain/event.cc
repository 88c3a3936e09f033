#include "services/loyalty/domain/event.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"

namespace clientele::loyalty {
namespace {

// The namespace of the ids of what time does; they must come out the same for ever.
constexpr char kDueNamespace[] = "0b8a1f6e-3c1d-5b7a-8f43-6d2e9c5a7b10";

}  // namespace

Event NumberEvent(Member& member, absl::Time occur_time, absl::Time record_time, EventBody body) {
  ++member.feed_seq;
  return Event{.id = {},
               .customer_id = member.id,
               .feed_seq = member.feed_seq,
               .occur_time = occur_time,
               .record_time = record_time,
               .body = std::move(body)};
}

std::string DueEventId(const Event& event) {
  const absl::StatusOr<std::string> id =
      UuidV5(kDueNamespace, absl::StrCat(event.customer_id.value(), "/", event.feed_seq, "/",
                                         absl::ToUnixMicros(event.occur_time)));
  CLIENTELE_CHECK(id.ok());
  return *id;
}

}  // namespace clientele::loyalty
