#ifndef CLI_IMPORT_CSV_PARSER_H_
#define CLI_IMPORT_CSV_PARSER_H_

// The fields of one RFC 4180 record, fed line by line.
// Thread safety: one thread at a time.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::cli {

class CsvParser {
 public:
  enum class State {
    kComplete,    // the record ends with the line fed last
    kOpen,        // a quoted field goes on in the next line
    kStrayQuote,  // a quote inside an unquoted field, or something after a closing quote
  };

  // Forgets the fields of the record before.
  void Reset();

  // Takes the record's next line (without line ending). To be called after Reset or kOpen only.
  State Feed(absl::string_view line);

  // Bytes of field values so far.
  size_t value_bytes() const { return values_.size(); }

  // The fields of a complete record, unquoted; lines of one field are joined by LF. The views live
  // until Reset or Feed. At most `fields_max` + 1 are given.
  void GetFields(size_t fields_max, std::vector<absl::string_view>* fields) const;

 private:
  size_t FeedQuoted(absl::string_view line, size_t position);
  State FeedField(absl::string_view line, size_t* position);
  void EndField() { field_ends_.push_back(values_.size()); }

  std::string values_;  // every field's value, one after the other
  std::vector<size_t> field_ends_;
  bool in_quotes_ = false;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CSV_PARSER_H_
