#include "common/sql/postgres_statement.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_insert.h"
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

PostgresStatement* PostgresStatement::ForManyRows() {
  if (!is_many_rows_known_) {
    is_many_rows_known_ = true;
    const std::string text = InsertOfManyRows(text_, parameter_count_, kInsertRows);
    if (!text.empty()) {
      many_rows_.reset(new PostgresStatement(name_, text, abandoned_));
      many_rows_->parameter_count_ = kInsertRows * parameter_count_;
    }
  }
  return many_rows_.get();
}

absl::Status PostgresStatement::CheckCount(const PostgresParams& params) const {
  if (params.count() == parameter_count_) {
    return absl::OkStatus();
  }
  return SqlDefect(absl::StrCat("got ", params.count(), " parameters instead of ", parameter_count_,
                                " for: ", text_));
}

bool PostgresStatement::Fits(const std::vector<Oid>& types) const {
  return !server_name_.empty() && std::equal(types.begin(), types.end(), types_.begin(),
                                             types_.end(), [](Oid wanted, Oid prepared) {
                                               return wanted == kPostgresUnknown ||
                                                      wanted == prepared;
                                             });
}

std::vector<Oid> PostgresStatement::Refined(const std::vector<Oid>& types) const {
  std::vector<Oid> refined = types;
  for (size_t i = 0; i < std::min(refined.size(), types_.size()); ++i) {
    refined[i] = refined[i] == kPostgresUnknown ? types_[i] : refined[i];
  }
  return refined;
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
