#include "common/cache/key_space.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace clientele::cache {

KeySpace::KeySpace(absl::string_view prefix, absl::string_view service)
    : root_(absl::StrCat(prefix, ":", service, ":v2:")), channel_(absl::StrCat(root_, "invalid")) {}

std::string KeySpace::KeyOf(absl::string_view kind, absl::string_view id) const {
  if (id.find_first_of("{}%") == absl::string_view::npos) {
    return absl::StrCat(root_, kind, ":", id);
  }
  return absl::StrCat(root_, kind, ":",
                      absl::StrReplaceAll(id, {{"%", "%25"}, {"{", "%7B"}, {"}", "%7D"}}));
}

}  // namespace clientele::cache
