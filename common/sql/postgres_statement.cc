#include "common/sql/postgres_statement.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_result.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// The n of every $n in `text` outside of quoted text; 0 stands for what is no number of ours.
std::set<int> ParameterNumbers(absl::string_view text) {
  std::set<int> numbers;
  bool is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    is_quoted = is_quoted != (text[i] == '\'');
    if (is_quoted || text[i] != '$') {
      continue;
    }
    size_t end = i + 1;
    while (end < text.size() && absl::ascii_isdigit(text[end])) {
      ++end;
    }
    int number = 0;
    numbers.insert(absl::SimpleAtoi(text.substr(i + 1, end - i - 1), &number) ? number : 0);
  }
  return numbers;
}

// `types`, and where those are unknown what `earlier` had.
std::vector<Oid> Merged(const std::vector<Oid>& types, const std::vector<Oid>& earlier) {
  std::vector<Oid> merged = types;
  for (size_t i = 0; i < std::min(merged.size(), earlier.size()); ++i) {
    merged[i] = merged[i] == kPostgresUnknown ? earlier[i] : merged[i];
  }
  return merged;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresStatement>> PostgresStatement::Make(
    absl::string_view name, absl::string_view text, std::vector<std::string>& abandoned) {
  const std::set<int> numbers = ParameterNumbers(text);
  const auto count = static_cast<int>(numbers.size());
  if (count > 0 && (*numbers.begin() != 1 || *numbers.rbegin() != count)) {
    return SqlDefect(absl::StrCat("parameters are not $1 .. $", count, " in: ", text));
  }
  std::unique_ptr<PostgresStatement> statement(new PostgresStatement(name, text, abandoned));
  statement->parameter_count_ = count;
  return statement;
}

PostgresStatement* PostgresStatement::ForArrays(const std::vector<Oid>& row_types) {
  std::vector<Oid> refined = Merged(row_types, row_types_);
  if (for_arrays_ != nullptr && refined == row_types_) {
    return for_arrays_.get();
  }
  std::vector<bool> is_array;
  is_array.reserve(refined.size());
  for (const Oid type : refined) {
    is_array.push_back(type != kPostgresUnknown);
  }
  const std::string text = InsertOfArrays(text_, is_array);
  if (text.empty()) {
    return nullptr;
  }
  row_types_ = std::move(refined);
  for_arrays_.reset(new PostgresStatement(name_, text, abandoned_));
  for_arrays_->parameter_count_ = parameter_count_;
  return for_arrays_.get();
}

absl::Status PostgresStatement::CheckCount(size_t count) const {
  if (count == static_cast<size_t>(parameter_count_)) {
    return absl::OkStatus();
  }
  return SqlDefect(
      absl::StrCat("got ", count, " parameters instead of ", parameter_count_, " for: ", text_));
}

bool PostgresStatement::Fits(const std::vector<Oid>& types) const {
  return !server_name_.empty() && std::equal(types.begin(), types.end(), types_.begin(),
                                             types_.end(), [](Oid wanted, Oid prepared) {
                                               return wanted == kPostgresUnknown ||
                                                      wanted == prepared;
                                             });
}

std::vector<Oid> PostgresStatement::Refined(const std::vector<Oid>& types) const {
  return Merged(types, types_);
}

void PostgresStatement::SetPrepared(std::string server_name, std::vector<Oid> types) {
  Abandon();
  server_name_ = std::move(server_name);
  types_ = std::move(types);
}

void PostgresStatement::Abandon() {
  if (!server_name_.empty()) {
    abandoned_.push_back(server_name_);
  }
}

}  // namespace clientele::sql
