#include "cli/import/csv_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/import/limits.h"
#include "cli/import/text.h"
#include "common/status/macros.h"

namespace clientele::cli {

absl::StatusOr<const CsvRecord*> CsvReader::Next() {
  std::optional<PhysicalLine> line;
  do {
    CLIENTELE_ASSIGN_OR_RETURN(line, NextLine());
    if (!line.has_value()) return nullptr;
  } while (line->text.empty() && !line->too_long);

  record_.line_number = line->number;
  record_.fault.reset();
  record_.fields.clear();
  if (line->too_long) {
    record_.fault = CsvFault::kLineTooLong;
  } else if (!IsUtf8(line->text)) {
    record_.fault = CsvFault::kInvalidUtf8;
  } else if (line->text.find('"') == absl::string_view::npos) {
    SplitUnquoted(line->text);
    CheckFieldCount();
  } else {
    CLIENTELE_RETURN_IF_ERROR(ParseQuoted(line->text));
  }
  if (record_.fault.has_value()) record_.fields.clear();
  return &record_;
}

absl::StatusOr<std::optional<PhysicalLine>> CsvReader::NextLine() {
  if (queue_.empty()) return file_.NextLine();
  current_ = std::move(queue_.front());
  queue_.pop_front();
  return PhysicalLine{current_.text, current_.number, current_.too_long};
}

void CsvReader::SplitUnquoted(absl::string_view line) {
  const size_t fields_max = field_count_.value_or(kCsvFieldsMax);
  size_t begin = 0;
  while (record_.fields.size() <= fields_max) {
    const size_t comma = line.find(',', begin);
    if (comma == absl::string_view::npos) {
      record_.fields.push_back(line.substr(begin));
      return;
    }
    record_.fields.push_back(line.substr(begin, comma - begin));
    begin = comma + 1;
  }
}

absl::Status CsvReader::ParseQuoted(absl::string_view line) {
  // 1. Feed lines until the record closes or proves broken.
  parser_.Reset();
  continuation_.clear();
  CsvParser::State state = parser_.Feed(line);
  while (state == CsvParser::State::kOpen) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool fed, FeedNextLine(&state));
    if (!fed) break;
  }
  // 2. Judge it.
  if (state == CsvParser::State::kComplete) {
    parser_.GetFields(field_count_.value_or(kCsvFieldsMax), &record_.fields);
    CheckFieldCount();
  } else {
    record_.fault =
        state == CsvParser::State::kOpen ? CsvFault::kUnterminatedQuote : CsvFault::kStrayQuote;
  }
  // 3. The lines after the first may be good records: read them again.
  if (record_.fault.has_value()) {
    queue_.insert(queue_.begin(), std::make_move_iterator(continuation_.begin()),
                  std::make_move_iterator(continuation_.end()));
  }
  return absl::OkStatus();
}

// False when the record cannot go on: a limit, the end of the file, or a line that is not text.
absl::StatusOr<bool> CsvReader::FeedNextLine(CsvParser::State* state) {
  if (continuation_.size() + 1 >= kRecordLinesMax || parser_.value_bytes() > kRecordBytesMax) {
    return false;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<PhysicalLine> line, NextLine());
  if (!line.has_value()) return false;
  continuation_.push_back(QueuedLine{std::string(line->text), line->number, line->too_long});
  if (line->too_long || !IsUtf8(line->text)) return false;
  *state = parser_.Feed(line->text);
  return true;
}

void CsvReader::CheckFieldCount() {
  const size_t count = record_.fields.size();
  const bool wrong = field_count_.has_value() ? count != *field_count_ : count > kCsvFieldsMax;
  if (wrong) record_.fault = CsvFault::kWrongFieldCount;
}

}  // namespace clientele::cli
