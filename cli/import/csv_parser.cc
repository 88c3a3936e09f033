#include "cli/import/csv_parser.h"

#include <algorithm>

namespace clientele::cli {

void CsvParser::Reset() {
  values_.clear();
  field_ends_.clear();
  in_quotes_ = false;
}

CsvParser::State CsvParser::Feed(absl::string_view line) {
  // 1. Go on with the quoted field the line before left open.
  size_t position = 0;
  if (in_quotes_) {
    values_.push_back('\n');
    position = FeedQuoted(line, 0);
    if (in_quotes_) return State::kOpen;
    if (position < line.size() && line[position] != ',') return State::kStrayQuote;
    EndField();
    if (position == line.size()) return State::kComplete;
    ++position;
  }
  // 2. Take field after field; a comma at the end begins one more, empty, field.
  for (;;) {
    const State state = FeedField(line, &position);
    if (state != State::kComplete) return state;
    EndField();
    if (position >= line.size()) return State::kComplete;
    ++position;
  }
}

// Takes the field at `*position` and leaves `*position` at the comma after it or at the end.
CsvParser::State CsvParser::FeedField(absl::string_view line, size_t* position) {
  if (*position < line.size() && line[*position] == '"') {
    in_quotes_ = true;
    *position = FeedQuoted(line, *position + 1);
    if (in_quotes_) return State::kOpen;
    const bool at_field_end = *position == line.size() || line[*position] == ',';
    return at_field_end ? State::kComplete : State::kStrayQuote;
  }
  const size_t end = std::min(line.find(',', *position), line.size());
  const absl::string_view value = line.substr(*position, end - *position);
  if (value.find('"') != absl::string_view::npos) return State::kStrayQuote;
  values_.append(value.data(), value.size());
  *position = end;
  return State::kComplete;
}

// Takes quoted text from `position` on; returns the place after the closing quote and clears
// in_quotes_, or returns the line's size when it does not close here.
size_t CsvParser::FeedQuoted(absl::string_view line, size_t position) {
  for (;;) {
    const size_t quote = std::min(line.find('"', position), line.size());
    values_.append(line.data() + position, quote - position);
    if (quote == line.size()) return quote;
    const bool doubled = quote + 1 < line.size() && line[quote + 1] == '"';
    if (!doubled) {
      in_quotes_ = false;
      return quote + 1;
    }
    values_.push_back('"');
    position = quote + 2;
  }
}

void CsvParser::GetFields(size_t fields_max, std::vector<absl::string_view>* fields) const {
  fields->clear();
  const absl::string_view values(values_);
  size_t begin = 0;
  for (const size_t end : field_ends_) {
    fields->push_back(values.substr(begin, end - begin));
    begin = end;
    if (fields->size() > fields_max) return;
  }
}

}  // namespace clientele::cli
