#include "cli/output/proto_json.h"

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"

namespace clientele::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

std::string TextOf(const Reflection& reflection, const Message& message,
                   const FieldDescriptor* field, int index) {
  std::string scratch;
  const std::string& text =
      index < 0 ? reflection.GetStringReference(message, field, &scratch)
                : reflection.GetRepeatedStringReference(message, field, index, &scratch);
  return field->type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text;
}

Json EnumName(const google::protobuf::FieldDescriptor* field, int number) {
  const auto* value = field->enum_type()->FindValueByNumber(number);
  return value == nullptr ? Json(number) : Json(value->name());
}

// One value of `field`: element `index` of a repeated field, or the singular value when index < 0.
Json ValueOf(const Message& message, const FieldDescriptor* field, int index, bool with_defaults) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? reflection.GetInt32(message, field)
                 : reflection.GetRepeatedInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return one ? reflection.GetInt64(message, field)
                 : reflection.GetRepeatedInt64(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? reflection.GetUInt32(message, field)
                 : reflection.GetRepeatedUInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT64:
      return one ? reflection.GetUInt64(message, field)
                 : reflection.GetRepeatedUInt64(message, field, index);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return one ? reflection.GetDouble(message, field)
                 : reflection.GetRepeatedDouble(message, field, index);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return one ? reflection.GetFloat(message, field)
                 : reflection.GetRepeatedFloat(message, field, index);
    case FieldDescriptor::CPPTYPE_BOOL:
      return one ? reflection.GetBool(message, field)
                 : reflection.GetRepeatedBool(message, field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumName(field, one ? reflection.GetEnumValue(message, field)
                                 : reflection.GetRepeatedEnumValue(message, field, index));
    case FieldDescriptor::CPPTYPE_STRING:
      return TextOf(reflection, message, field, index);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(one ? reflection.GetMessage(message, field)
                        : reflection.GetRepeatedMessage(message, field, index),
                    with_defaults);
  }
  return nullptr;
}

Json MapOf(const Message& message, const FieldDescriptor* field, int size, bool with_defaults) {
  const Descriptor* entry_type = field->message_type();
  Json object = Json::object();
  for (int i = 0; i < size; ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, field, i);
    const Json key = ValueOf(entry, entry_type->map_key(), -1, with_defaults);
    object[key.is_string() ? key.get<std::string>() : key.dump()] =
        ValueOf(entry, entry_type->map_value(), -1, with_defaults);
  }
  return object;
}

Json RepeatedOf(const Message& message, const FieldDescriptor* field, int size,
                bool with_defaults) {
  Json list = Json::array();
  for (int i = 0; i < size; ++i) {
    list.push_back(ValueOf(message, field, i, with_defaults));
  }
  return list;
}

// Timestamp, Duration, FieldMask and wrappers have a JSON form of their own, which the library
// makes.
bool HasOwnForm(const Descriptor& type) {
  const std::string& name = type.full_name();
  return name == "google.protobuf.Timestamp" || name == "google.protobuf.Duration" ||
         name == "google.protobuf.FieldMask" || name == "google.protobuf.Struct" ||
         name == "google.protobuf.Value" || name == "google.protobuf.ListValue";
}

Json OwnFormOf(const Message& message) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) {
    return nullptr;
  }
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

Json AnyOf(const Message& message, bool with_defaults) {
  const Descriptor* type = message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  const std::string url = reflection.GetString(message, type->FindFieldByNumber(1));
  const std::string bytes = reflection.GetString(message, type->FindFieldByNumber(2));
  Json object = Json::object();
  object["@type"] = url;
  const std::string name = url.substr(url.rfind('/') + 1);
  const Descriptor* inner_type = type->file()->pool()->FindMessageTypeByName(name);
  if (inner_type == nullptr) {
    // A pool learned from a server holds what its methods name, not what an Any may carry.
    inner_type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  }
  if (inner_type == nullptr) {
    object["value"] = absl::Base64Escape(bytes);
    return object;
  }
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<Message> inner(factory.GetPrototype(inner_type)->New());
  if (!inner->ParseFromString(bytes)) {
    object["value"] = absl::Base64Escape(bytes);
    return object;
  }
  object.update(ToJson(*inner, with_defaults));
  return object;
}

}  // namespace

Json ToJson(const Message& message, bool with_defaults) {
  const Descriptor* type = message.GetDescriptor();
  if (HasOwnForm(*type)) {
    return OwnFormOf(message);
  }
  if (type->full_name() == "google.protobuf.Any") {
    return AnyOf(message, with_defaults);
  }
  const Reflection& reflection = *message.GetReflection();
  Json object = Json::object();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_repeated()) {
      const int size = reflection.FieldSize(message, field);
      if (size > 0 || with_defaults) {
        object[field->name()] = field->is_map() ? MapOf(message, field, size, with_defaults)
                                                : RepeatedOf(message, field, size, with_defaults);
      }
      continue;
    }
    const bool always = with_defaults && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE &&
                        field->containing_oneof() == nullptr;
    if (always || reflection.HasField(message, field)) {
      object[field->name()] = ValueOf(message, field, -1, with_defaults);
    }
  }
  return object;
}

}  // namespace clientele::cli
