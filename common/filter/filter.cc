#include "common/filter/filter.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/filter/errors.h"
#include "common/filter/lexer.h"
#include "common/status/macros.h"
#include "common/text/text.h"

namespace clientele {
namespace {

using Kind = FilterToken::Kind;

constexpr size_t kFilterBytesPerCharacterMax = 4;  // UTF-8
constexpr size_t kFieldNameBytesMax = 128;

bool IsKeyword(const FilterToken& token, absl::string_view keyword) {
  return token.kind == Kind::kWord && token.text == keyword;
}

bool IsAnyKeyword(const FilterToken& token) {
  return IsKeyword(token, "AND") || IsKeyword(token, "OR") || IsKeyword(token, "NOT");
}

// Words of lower-case letters, digits and "_", starting with a letter, joined by single points.
bool IsFieldName(absl::string_view text) {
  bool at_start = true;
  for (const char c : text) {
    if (at_start ? !absl::ascii_islower(c)
                 : !absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '_' && c != '.') {
      return false;
    }
    at_start = c == '.';
  }
  return !at_start && text.size() <= kFieldNameBytesMax;
}

absl::Status CheckText(absl::string_view text) {
  if (text.size() > kFilterCharactersMax * kFilterBytesPerCharacterMax ||
      CountCharacters(text) > kFilterCharactersMax) {
    return InvalidFilter(
        kFilterCharactersMax + 1,
        absl::StrCat("a filter has at most ", kFilterCharactersMax, " characters"));
  }
  if (!IsValidUtf8(text)) {
    return InvalidFilter(1, "a filter must be UTF-8");
  }
  return absl::OkStatus();
}

absl::Status CheckField(const FilterToken& token) {
  if (IsKeyword(token, "NOT")) {
    return InvalidFilter(token.position, "NOT is not supported; use !=");
  }
  if (token.kind != Kind::kWord || IsAnyKeyword(token) || !IsFieldName(token.text)) {
    return InvalidFilter(token.position, "expected the name of a field");
  }
  return absl::OkStatus();
}

// One comparison, whose first token has been read.
absl::StatusOr<FilterComparison> ParseComparison(FilterToken field, FilterLexer& lexer) {
  CLIENTELE_RETURN_IF_ERROR(CheckField(field));
  CLIENTELE_ASSIGN_OR_RETURN(const FilterToken op, lexer.Next());
  if (op.kind != Kind::kOperator) {
    return InvalidFilter(op.position, "expected one of = != < <= > >=");
  }
  CLIENTELE_ASSIGN_OR_RETURN(FilterToken value, lexer.Next());
  if ((value.kind != Kind::kWord && value.kind != Kind::kQuoted) || IsAnyKeyword(value)) {
    return InvalidFilter(value.position, "expected a value");
  }
  return FilterComparison{
      .field = std::move(field.text),
      .op = op.op,
      .value = {.text = std::move(value.text), .quoted = value.kind == Kind::kQuoted},
      .field_position = field.position,
      .value_position = value.position};
}

std::string FormatLiteral(const FilterLiteral& literal) {
  if (!literal.quoted) {
    return literal.text;
  }
  std::string text = "\"";
  for (const char c : literal.text) {
    if (c == '"' || c == '\\' || c == '*') {
      text.push_back('\\');
    }
    text.push_back(c);
  }
  text.push_back('"');
  return text;
}

}  // namespace

absl::string_view FilterOperatorText(FilterOperator op) {
  switch (op) {
    case FilterOperator::kEqual:
      return "=";
    case FilterOperator::kNotEqual:
      return "!=";
    case FilterOperator::kLess:
      return "<";
    case FilterOperator::kLessEqual:
      return "<=";
    case FilterOperator::kGreater:
      return ">";
    case FilterOperator::kGreaterEqual:
      return ">=";
  }
  CLIENTELE_CHECK(false && "an operator out of its enum");
  return "";
}

absl::StatusOr<Filter> ParseFilter(absl::string_view text) {
  CLIENTELE_RETURN_IF_ERROR(CheckText(text));
  FilterLexer lexer(text);
  Filter filter;
  CLIENTELE_ASSIGN_OR_RETURN(FilterToken token, lexer.Next());
  if (token.kind == Kind::kEnd) {
    return filter;
  }
  while (true) {
    if (filter.comparisons.size() == kFilterTermsMax) {
      return InvalidFilter(token.position,
                           absl::StrCat("a filter has at most ", kFilterTermsMax, " terms"));
    }
    CLIENTELE_ASSIGN_OR_RETURN(FilterComparison comparison,
                               ParseComparison(std::move(token), lexer));
    filter.comparisons.push_back(std::move(comparison));
    CLIENTELE_ASSIGN_OR_RETURN(const FilterToken conjunction, lexer.Next());
    if (conjunction.kind == Kind::kEnd) {
      return filter;
    }
    if (IsKeyword(conjunction, "OR")) {
      return InvalidFilter(conjunction.position, "OR is not supported");
    }
    if (!IsKeyword(conjunction, "AND")) {
      return InvalidFilter(conjunction.position, "expected AND");
    }
    CLIENTELE_ASSIGN_OR_RETURN(token, lexer.Next());
  }
}

std::string FormatFilter(const Filter& filter) {
  std::string text;
  for (const FilterComparison& comparison : filter.comparisons) {
    absl::StrAppend(&text, text.empty() ? "" : " AND ", comparison.field, " ",
                    FilterOperatorText(comparison.op), " ", FormatLiteral(comparison.value));
  }
  return text;
}

}  // namespace clientele
