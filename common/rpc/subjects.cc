#include "common/rpc/subjects.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/ids/id_format.h"
#include "google/protobuf/descriptor.h"

namespace clientele::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Requests and responses of the suite name nothing deeper than an item's payload.
constexpr int kDepthMax = 3;

// So many are compared one by one, which is all that most calls have; more are hashed.
constexpr size_t kComparedMax = 8;

class SubjectCollector {
 public:
  // The ids of `message`, and of its parts down to `depth_max` when it has none; whether it named
  // any, also such as are left out.
  bool Collect(const Message& message, int depth_max) {
    const google::protobuf::Descriptor& type = *message.GetDescriptor();
    bool names_something = false;
    for (int i = 0; i < type.field_count(); ++i) {
      names_something = CollectId(message, *type.field(i)) || names_something;
    }
    if (names_something || depth_max == 0) {
      return names_something;
    }
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      names_something = CollectParts(message, *field, depth_max - 1) || names_something;
    }
    return names_something;
  }

  std::vector<std::string> Take() && { return std::move(subjects_); }

 private:
  // By its name first, which is quicker to see than its type or that it is set: every call comes
  // here.
  bool CollectId(const Message& message, const FieldDescriptor& field) {
    absl::string_view kind = field.name();
    const bool is_one = !field.is_repeated() && absl::ConsumeSuffix(&kind, "_id");
    const bool is_list = field.is_repeated() && absl::ConsumeSuffix(&kind, "_ids");
    if (!(is_one || is_list) || absl::EndsWith(kind, "request") ||
        field.type() != FieldDescriptor::TYPE_STRING) {
      return false;
    }
    const google::protobuf::Reflection& reflection = *message.GetReflection();
    std::string scratch;  // of a field that is kept in another way than as a string
    if (is_one) {
      const std::string& id = reflection.GetStringReference(message, &field, &scratch);
      Add(kind, id);
      return !id.empty();
    }
    const int count = reflection.FieldSize(message, &field);
    for (int i = 0; i < count; ++i) {
      Add(kind, reflection.GetRepeatedStringReference(message, &field, i, &scratch));
    }
    return count > 0;
  }

  bool CollectParts(const Message& message, const FieldDescriptor& field, int depth_max) {
    if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
      return false;
    }
    const google::protobuf::Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      return Collect(reflection.GetMessage(message, &field), depth_max);
    }
    bool names_something = false;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      names_something =
          Collect(reflection.GetRepeatedMessage(message, &field, i), depth_max) || names_something;
    }
    return names_something;
  }

  void Add(absl::string_view kind, absl::string_view id) {
    if (subjects_.size() >= kSubjectsMax || !IsCallerChosenId(id)) {
      return;
    }
    std::string subject = absl::StrCat(kind, "/", id);
    if (IsNew(subject)) {
      subjects_.push_back(std::move(subject));
    }
  }

  bool IsNew(const std::string& subject) {
    if (subjects_.size() < kComparedMax) {
      return std::find(subjects_.begin(), subjects_.end(), subject) == subjects_.end();
    }
    if (seen_.empty()) {
      seen_.insert(subjects_.begin(), subjects_.end());
    }
    return seen_.insert(subject).second;
  }

  std::vector<std::string> subjects_;
  absl::flat_hash_set<std::string> seen_;  // once there are kComparedMax
};

}  // namespace

std::vector<std::string> SubjectsOf(const Message* request, const Message* response) {
  SubjectCollector collector;
  const bool is_named = request != nullptr && collector.Collect(*request, kDepthMax);
  if (response != nullptr) {
    collector.Collect(*response, is_named ? 0 : kDepthMax);
  }
  return std::move(collector).Take();
}

}  // namespace clientele::rpc
