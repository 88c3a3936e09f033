#include "common/text/nearest_name.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace clientele {
namespace {

// Levenshtein's distance, one row of the table at a time. Both texts are within the limit.
size_t Distance(absl::string_view from, absl::string_view to) {
  std::array<size_t, kNearestNameBytesMax + 1> row;
  for (size_t j = 0; j <= to.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= from.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[to.size()];
}

}  // namespace

std::optional<std::string> NearestName(absl::Span<const std::string> candidates,
                                       absl::string_view name) {
  if (name.empty() || name.size() > kNearestNameBytesMax) {
    return std::nullopt;
  }
  size_t closest = name.size() / 3 + 2;  // exclusive: a distance must be below it
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kNearestNameBytesMax) {
      continue;
    }
    const size_t distance = Distance(name, candidate);
    if (distance < closest && distance < candidate.size()) {
      closest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string UnknownName(absl::string_view kind, absl::string_view name,
                        absl::Span<const std::string> known) {
  std::string text = absl::StrCat("there is no ", kind, " '", name, "'");
  if (const auto nearest = NearestName(known, name); nearest.has_value()) {
    absl::StrAppend(&text, "; did you mean '", *nearest, "'?");
  }
  return text;
}

}  // namespace clientele
