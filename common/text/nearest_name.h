#ifndef COMMON_TEXT_NEAREST_NAME_H_
#define COMMON_TEXT_NEAREST_NAME_H_

// "Did you mean": the known name that a mistyped one most resembles.
//
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele {

// Longer names are not compared: no name of ours is longer, and the work stays bounded.
inline constexpr int kNearestNameBytesMax = 128;

// The candidate with the fewest single-byte insertions, deletions and replacements from `name`; the
// first of equals. nullopt when none is closer than about a third of the name, since a far-fetched
// suggestion misleads. Costs candidates times product of the lengths.
std::optional<std::string> NearestName(absl::Span<const std::string> candidates,
                                       absl::string_view name);

// "there is no KIND 'NAME'", with the nearest of `known` when there is one.
std::string UnknownName(absl::string_view kind, absl::string_view name,
                        absl::Span<const std::string> known);

}  // namespace clientele

#endif  // COMMON_TEXT_NEAREST_NAME_H_
