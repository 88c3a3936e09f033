#ifndef SERVICES_PROFILE_DOMAIN_CANONICAL_TEXT_H_
#define SERVICES_PROFILE_DOMAIN_CANONICAL_TEXT_H_

// Writes values into one text such that two different sequences of values never give the same
// text; made to be hashed. The format is stored (as hashes) and must never change.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::profile {

// A value; one thread at a time.
class CanonicalText {
 public:
  CanonicalText& Text(absl::string_view value) {
    absl::StrAppend(&text_, value.size(), ":", value);
    return *this;
  }
  CanonicalText& Number(int64_t value) {
    absl::StrAppend(&text_, value, ";");
    return *this;
  }
  CanonicalText& Time(absl::Time value) { return Number(absl::ToUnixMicros(value)); }

  std::string Take() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_CANONICAL_TEXT_H_
