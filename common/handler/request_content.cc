#include "common/handler/request_content.h"

#include <memory>

#include "common/handler/deterministic_bytes.h"
#include "google/protobuf/descriptor.h"

namespace clientele {
namespace {

const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Message& request,
                                                   const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

}  // namespace

std::string ContentOf(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> content(request.New());
  content->CopyFrom(request);
  for (const char* name : {"request_id", "validate_only"}) {
    if (const auto* field = FindField(request, name); field != nullptr) {
      content->GetReflection()->ClearField(content.get(), field);
    }
  }
  return DeterministicBytes(*content);
}

bool IsValidateOnly(const google::protobuf::Message& request) {
  const auto* field = FindField(request, "validate_only");
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

}  // namespace clientele
