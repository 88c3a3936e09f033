#include "common/sql/testing/portable_sql.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace clientele::sql {
namespace {

// A word in upper case, a number, or one character; quoted text and comments are left out.
using Tokens = std::vector<std::string>;

bool IsWordCharacter(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '$'; }

// Behind the comment or quoted text that starts at `begin`; `begin` when none does.
size_t SkipQuietPart(absl::string_view sql, size_t begin) {
  const auto behind = [&sql](absl::string_view mark, size_t from) {
    const size_t found = sql.find(mark, from);
    return found == absl::string_view::npos ? sql.size() : found + mark.size();
  };
  const absl::string_view rest = sql.substr(begin);
  if (rest.substr(0, 2) == "--") {
    return behind("\n", begin);
  }
  if (rest.substr(0, 2) == "/*") {
    return behind("*/", begin + 2);
  }
  return rest[0] == '\'' ? behind("'", begin + 1) : begin;
}

Tokens Tokenize(absl::string_view sql) {
  Tokens tokens;
  for (size_t i = 0; i < sql.size();) {
    if (const size_t behind = SkipQuietPart(sql, i); behind != i) {
      i = behind;
    } else if (IsWordCharacter(sql[i])) {
      const size_t begin = i;
      while (i < sql.size() && IsWordCharacter(sql[i])) {
        ++i;
      }
      tokens.push_back(absl::AsciiStrToUpper(sql.substr(begin, i - begin)));
    } else {
      if (!absl::ascii_isspace(sql[i])) {
        tokens.emplace_back(1, sql[i]);
      }
      ++i;
    }
  }
  return tokens;
}

using AdviceByWord = std::map<absl::string_view, absl::string_view>;

AdviceByWord ForbiddenWords() {
  constexpr absl::string_view kBigint = "use BIGINT";
  constexpr absl::string_view kReal = "use DOUBLE PRECISION";
  constexpr absl::string_view kText = "use TEXT";
  constexpr absl::string_view kFlag = "use BIGINT 0 or 1";
  constexpr absl::string_view kTime = "use BIGINT microseconds, bound as a parameter";
  constexpr absl::string_view kPattern = "its rules differ; compare ranges";
  constexpr absl::string_view kId = "ids are made by the service";
  constexpr absl::string_view kSqliteOnly = "only SQLite knows it";
  constexpr absl::string_view kPostgresOnly = "only PostgreSQL knows it";
  return {{"LIKE", kPattern},
          {"ILIKE", kPattern},
          {"SIMILAR", kPattern},
          {"GLOB", kPattern},
          {"REGEXP", kPattern},
          {"COLLATE", kPattern},
          {"INTEGER", kBigint},
          {"INT", kBigint},
          {"SMALLINT", kBigint},
          {"NUMERIC", kBigint},
          {"DECIMAL", kBigint},
          {"REAL", kReal},
          {"FLOAT", kReal},
          {"VARCHAR", kText},
          {"CHAR", kText},
          {"UUID", kText},
          {"JSON", kText},
          {"JSONB", kText},
          {"BLOB", "use BYTEA"},
          {"BOOLEAN", kFlag},
          {"BOOL", kFlag},
          {"TRUE", kFlag},
          {"FALSE", kFlag},
          {"DATETIME", kTime},
          {"TIMESTAMP", kTime},
          {"TIMESTAMPTZ", kTime},
          {"INTERVAL", kTime},
          {"CURRENT_TIMESTAMP", kTime},
          {"AUTOINCREMENT", kId},
          {"SERIAL", kId},
          {"BIGSERIAL", kId},
          {"SEQUENCE", kId},
          {"IDENTITY", kId},
          {"ROWID", kSqliteOnly},
          {"WITHOUT", kSqliteOnly},
          {"PRAGMA", kSqliteOnly},
          {"GREATEST", kPostgresOnly},
          {"LEAST", kPostgresOnly},
          {"ANY", kPostgresOnly},
          {"UNNEST", kPostgresOnly},
          {"FOR", "lock with LockRows"},
          {"REFERENCES", "the service checks, SQLite would not"}};
}

AdviceByWord ForbiddenFunctions() {
  constexpr absl::string_view kTime = "bind the time as a parameter";
  constexpr absl::string_view kDialect = "its name or rules differ; compute it in C++";
  return {{"NOW", kTime},          {"DATE", kTime},
          {"TIME", kTime},         {"STRFTIME", kTime},
          {"UNIXEPOCH", kTime},    {"EXTRACT", kTime},
          {"DATE_TRUNC", kTime},   {"RANDOM", kDialect},
          {"IIF", kDialect},       {"IFNULL", "use COALESCE"},
          {"TOTAL", "use SUM"},    {"INSTR", kDialect},
          {"PRINTF", kDialect},    {"GROUP_CONCAT", kDialect},
          {"STRING_AGG", kDialect}};
}

// Walks over the tokens of several statements, knowing which calls each token stands in.
class Checker {
 public:
  explicit Checker(absl::string_view sql) : tokens_(Tokenize(sql)) {}

  std::vector<std::string> Run() {
    for (position_ = 0; position_ < tokens_.size(); ++position_) {
      CheckWord();
      CheckFunction();
      CheckPunctuation();
      CheckStatement();
      Advance();
    }
    return std::move(violations_);
  }

 private:
  const std::string& token() const { return tokens_[position_]; }
  absl::string_view Next() const {
    return position_ + 1 < tokens_.size() ? absl::string_view(tokens_[position_ + 1]) : "";
  }
  void Report(absl::string_view what, absl::string_view advice) {
    violations_.push_back(absl::StrCat(what, " is not portable: ", advice));
  }

  void CheckWord() {
    if (const auto found = words_.find(token()); found != words_.end()) {
      Report(token(), found->second);
    }
    if (token() == "DOUBLE" && Next() != "PRECISION") {
      Report("DOUBLE alone", "use DOUBLE PRECISION");
    }
  }

  void CheckFunction() {
    if (Next() != "(") {
      return;
    }
    if (const auto found = functions_.find(token()); found != functions_.end()) {
      Report(absl::StrCat(token(), "()"), found->second);
    }
    if (token() == "SUM" && std::find(calls_.begin(), calls_.end(), "CAST") == calls_.end()) {
      Report("SUM() outside of CAST", "PostgreSQL answers NUMERIC; use CAST(SUM(x) AS BIGINT)");
    }
  }

  void CheckPunctuation() {
    if (token() == "\"") {
      Report("a double quote", "write names without quotes and text in single ones");
    } else if (token() == "?" || token() == "@" || token() == ":") {
      Report(token(), "parameters are $1, $2, ... and casts CAST(x AS type)");
    } else if (token() == "=" && Next() == "=") {
      Report("==", "use =");
    } else if (token() == "," && !calls_.empty() &&
               (calls_.back() == "MAX" || calls_.back() == "MIN")) {
      Report(absl::StrCat(calls_.back(), "() of several values"), "use CASE");
    }
  }

  void CheckStatement() {
    const bool changes_rows = verb_ == "UPDATE" || verb_ == "DELETE";
    if (token() == "LIMIT" && changes_rows && calls_.empty()) {
      Report(absl::StrCat("LIMIT of ", verb_), "choose the rows in a sub-select");
    } else if ((token() == "INSERT" && Next() == "OR") ||
               (token() == "REPLACE" && Next() == "INTO")) {
      Report(absl::StrCat(token(), " ", Next()), "use ON CONFLICT");
    }
  }

  void Advance() {
    if (token() == ";") {
      verb_.clear();
      calls_.clear();
    } else if (token() == "(") {
      calls_.push_back(position_ > 0 ? tokens_[position_ - 1] : "");
    } else if (token() == ")" && !calls_.empty()) {
      calls_.pop_back();
    } else if (verb_.empty()) {
      verb_ = token();
    }
  }

  const AdviceByWord words_ = ForbiddenWords();
  const AdviceByWord functions_ = ForbiddenFunctions();
  const Tokens tokens_;
  size_t position_ = 0;
  std::string verb_;                // the first word of the statement
  std::vector<std::string> calls_;  // what stands before each open parenthesis
  std::vector<std::string> violations_;
};

// One literal of C++ source: its text, and where the source goes on behind it.
struct Literal {
  std::string text;
  size_t end = 0;
};

Literal ReadRawLiteral(absl::string_view source, size_t begin) {
  const size_t open = source.find('(', begin);
  const std::string close = absl::StrCat(")", source.substr(begin + 2, open - begin - 2), "\"");
  const size_t end = std::min(source.find(close, open), source.size());
  return {std::string(source.substr(open + 1, end - open - 1)),
          std::min(end + close.size(), source.size())};
}

Literal ReadPlainLiteral(absl::string_view source, size_t begin) {
  Literal literal;
  size_t i = begin + 1;
  for (; i < source.size() && source[i] != '"'; ++i) {
    if (source[i] == '\\' && i + 1 < source.size()) {
      ++i;
      literal.text += source[i] == 'n' ? '\n' : source[i];
    } else {
      literal.text += source[i];
    }
  }
  literal.end = std::min(i + 1, source.size());
  return literal;
}

}  // namespace

std::vector<std::string> PortabilityViolations(absl::string_view sql) { return Checker(sql).Run(); }

std::string StringLiterals(absl::string_view cpp_source) {
  std::string literals;
  bool is_adjacent = false;
  for (size_t i = 0; i < cpp_source.size();) {
    const absl::string_view rest = cpp_source.substr(i);
    if (rest.substr(0, 2) == "//") {
      i = std::min(cpp_source.find('\n', i), cpp_source.size());
    } else if (rest[0] == '"' || rest.substr(0, 2) == "R\"") {
      const Literal literal =
          rest[0] == '"' ? ReadPlainLiteral(cpp_source, i) : ReadRawLiteral(cpp_source, i);
      absl::StrAppend(&literals, literals.empty() || is_adjacent ? "" : ";\n", literal.text);
      is_adjacent = true;
      i = literal.end;
    } else {
      is_adjacent = is_adjacent && absl::ascii_isspace(rest[0]);
      ++i;
    }
  }
  return literals;
}

}  // namespace clientele::sql
