#ifndef COMMON_FILTER_LEXER_H_
#define COMMON_FILTER_LEXER_H_

// Cuts the text of a filter into words, quoted texts and operators. Internal to common/filter.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/filter/filter.h"

namespace clientele {

struct FilterToken {
  enum class Kind { kEnd, kWord, kQuoted, kOperator };

  Kind kind = Kind::kEnd;
  std::string text;                            // of a word or quoted text, unescaped
  FilterOperator op = FilterOperator::kEqual;  // of an operator
  int64_t position = 1;                        // of its first character, from 1
};

// Hands out the tokens of one text, which must outlive it. Not thread-safe.
class FilterLexer {
 public:
  // `text` must be UTF-8.
  explicit FilterLexer(absl::string_view text) : text_(text) {}

  // The next token; after the last one, kEnd for ever. INVALID_FILTER when there is none.
  absl::StatusOr<FilterToken> Next();

 private:
  void SkipWhiteSpace();
  char Peek(size_t ahead = 0) const;
  void Advance();
  FilterToken ReadOperator();
  absl::StatusOr<FilterToken> ReadQuoted();
  FilterToken ReadWord();
  absl::Status Unexpected() const;

  absl::string_view text_;
  size_t offset_ = 0;     // of the next byte
  int64_t position_ = 1;  // of the next character
};

}  // namespace clientele

#endif  // COMMON_FILTER_LEXER_H_
