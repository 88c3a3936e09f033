#include "common/handler/event_content.h"

namespace clientele {

EventContent MakeEventContent(absl::string_view type, std::string subject,
                              const google::protobuf::Message& message) {
  return {.type = std::string(type),
          .subject = std::move(subject),
          .data_type = message.GetTypeName(),
          .data = message.SerializeAsString()};
}

}  // namespace clientele
