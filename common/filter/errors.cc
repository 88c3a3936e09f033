#include "common/filter/errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

std::string Describe(const FilterMistake& mistake) {
  return absl::StrCat("at character ", mistake.position, ": ", mistake.what);
}

}  // namespace

absl::Status InvalidFilter(const std::vector<FilterMistake>& mistakes) {
  CLIENTELE_CHECK(!mistakes.empty());
  std::string message = absl::StrCat("filter, ", Describe(mistakes.front()));
  if (mistakes.size() > 1) {
    absl::StrAppend(&message, " (and ", mistakes.size() - 1, " more)");
  }
  ErrorBuilder builder(absl::StatusCode::kInvalidArgument, "INVALID_FILTER", message);
  builder.Metadata("position", absl::StrCat(mistakes.front().position));
  for (const FilterMistake& mistake : mistakes) {
    builder.Field("filter", Describe(mistake));
  }
  return builder.Build();
}

absl::Status InvalidFilter(int64_t position, absl::string_view what) {
  return InvalidFilter({FilterMistake{position, std::string(what)}});
}

}  // namespace clientele
