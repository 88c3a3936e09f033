#include "common/handler/event_content.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"

namespace clientele {

EventContent MakeEventContent(absl::string_view type, std::string subject,
                              const google::protobuf::Message& message) {
  return {.type = std::string(type),
          .subject = std::move(subject),
          .data_type = message.GetTypeName(),
          .data = message.SerializeAsString()};
}

std::string ExportedEventId(const EventContent& content, absl::string_view name) {
  // A random one, of all ids of exported events.
  constexpr absl::string_view kNamespace = "7d1f0c52-9a3e-4b6d-8c47-2f5e61b0a9d3";
  absl::StatusOr<std::string> id =
      UuidV5(kNamespace, absl::StrCat(content.type, "/", content.subject, "/", name));
  CLIENTELE_CHECK(id.ok());  // the namespace is a UUID
  return *std::move(id);
}

}  // namespace clientele
