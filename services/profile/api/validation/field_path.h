#ifndef SERVICES_PROFILE_API_VALIDATION_FIELD_PATH_H_
#define SERVICES_PROFILE_API_VALIDATION_FIELD_PATH_H_

// The proto path of a field ("batch.items[3].order.purchase.lines[0].sku"), written out only when
// somebody asks: an import checks half a million fields and reports next to none.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace clientele::profile {

// A value that points to its parent and to its name: both must outlive it.
class FieldPath {
 public:
  // The request itself.
  FieldPath() = default;

  FieldPath Field(absl::string_view name) const { return FieldPath(this, name, -1); }
  FieldPath Item(absl::string_view name, int index) const { return FieldPath(this, name, index); }

  std::string ToString() const {
    if (parent_ == nullptr) return "";
    std::string path = parent_->ToString();
    absl::StrAppend(&path, path.empty() ? "" : ".", name_);
    if (index_ >= 0) absl::StrAppend(&path, "[", index_, "]");
    return path;
  }

 private:
  FieldPath(const FieldPath* parent, absl::string_view name, int index)
      : parent_(parent), name_(name), index_(index) {}

  const FieldPath* parent_ = nullptr;
  absl::string_view name_;
  int index_ = -1;  // of an element of a repeated field
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_FIELD_PATH_H_
