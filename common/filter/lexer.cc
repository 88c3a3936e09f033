#include "common/filter/lexer.h"

#include "absl/strings/ascii.h"
#include "common/filter/errors.h"
#include "common/status/macros.h"
#include "common/text/text.h"

namespace clientele {
namespace {

constexpr absl::string_view kDateShape = "0000-00-00T";

bool IsWordStart(char c) { return absl::ascii_isalnum(c) || c == '_'; }

bool IsWordPart(char c) { return IsWordStart(c) || c == '.' || c == '+' || c == '-'; }

// Whether a word that so far reads `word` can only go on as a timestamp, the one place where a
// colon is no operator.
bool IsTimestampStart(absl::string_view word) {
  if (word.size() < kDateShape.size()) {
    return false;
  }
  for (size_t i = 0; i < kDateShape.size(); ++i) {
    if (kDateShape[i] == '0' ? !absl::ascii_isdigit(word[i]) : word[i] != kDateShape[i]) {
      return false;
    }
  }
  return true;
}

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

char FilterLexer::Peek(size_t ahead) const {
  return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
}

void FilterLexer::Advance() {
  ++offset_;
  if (offset_ == text_.size() || !IsContinuationByte(text_[offset_])) {
    ++position_;
  }
}

void FilterLexer::SkipWhiteSpace() {
  while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r') {
    Advance();
  }
}

absl::StatusOr<FilterToken> FilterLexer::Next() {
  SkipWhiteSpace();
  if (offset_ == text_.size()) {
    return FilterToken{.kind = FilterToken::Kind::kEnd, .position = position_};
  }
  const char c = Peek();
  if (c == '=' || c == '<' || c == '>' || (c == '!' && Peek(1) == '=')) {
    return ReadOperator();
  }
  if (c == '"' || c == '\'') {
    return ReadQuoted();
  }
  if (IsWordStart(c) || (c == '-' && absl::ascii_isdigit(Peek(1)))) {
    return ReadWord();
  }
  return Unexpected();
}

FilterToken FilterLexer::ReadOperator() {
  FilterToken token{.kind = FilterToken::Kind::kOperator, .position = position_};
  const char first = Peek();
  Advance();
  const bool has_equal_sign = first != '=' && Peek() == '=';
  if (has_equal_sign) {
    Advance();
  }
  if (first == '!') {
    token.op = FilterOperator::kNotEqual;
  } else if (first == '<') {
    token.op = has_equal_sign ? FilterOperator::kLessEqual : FilterOperator::kLess;
  } else if (first == '>') {
    token.op = has_equal_sign ? FilterOperator::kGreaterEqual : FilterOperator::kGreater;
  }
  return token;
}

absl::StatusOr<FilterToken> FilterLexer::ReadQuoted() {
  FilterToken token{.kind = FilterToken::Kind::kQuoted, .position = position_};
  const char quote = Peek();
  for (Advance(); Peek() != quote; Advance()) {
    if (offset_ == text_.size()) {
      return InvalidFilter(token.position, "the quoted text does not end");
    }
    if (Peek() == '*') {
      return InvalidFilter(position_, "wildcards are not supported; write \\* for a star");
    }
    if (Peek() == '\\') {
      Advance();
      if (Peek() != '"' && Peek() != '\'' && Peek() != '\\' && Peek() != '*') {
        return InvalidFilter(position_, "only \\\", \\', \\\\ and \\* are escapes");
      }
    }
    token.text.push_back(Peek());
  }
  Advance();
  if (HasForbiddenControl(token.text, ControlCharacters::kRefuse)) {
    return InvalidFilter(token.position, "quoted text must not contain control characters");
  }
  CLIENTELE_ASSIGN_OR_RETURN(token.text, NormalizeNfc(token.text));
  return token;
}

FilterToken FilterLexer::ReadWord() {
  FilterToken token{.kind = FilterToken::Kind::kWord, .position = position_};
  do {
    token.text.push_back(Peek());
    Advance();
  } while (IsWordPart(Peek()) || (Peek() == ':' && IsTimestampStart(token.text)));
  return token;
}

absl::Status FilterLexer::Unexpected() const {
  switch (Peek()) {
    case '(':
    case ')':
      return InvalidFilter(position_, "parentheses and functions are not supported");
    case '-':
    case '!':
      return InvalidFilter(position_, "negation is not supported; use !=");
    case ':':
      return InvalidFilter(position_, "the operator : is not supported");
    case '*':
      return InvalidFilter(position_, "wildcards are not supported");
    default:
      return InvalidFilter(position_, "unexpected character; quote text that is not a plain word");
  }
}

}  // namespace clientele
