#ifndef COMMON_SQL_STORED_TEXT_H_
#define COMMON_SQL_STORED_TEXT_H_

// What every database of ours can store as text, so that data can move between them.

#include "absl/strings/string_view.h"

namespace clientele::sql {

// True when `text` is UTF-8 without U+0000, which PostgreSQL refuses. Pure; runs over ASCII at
// several bytes per cycle, since it sees every text that is written.
bool IsStorableText(absl::string_view text);

}  // namespace clientele::sql

#endif  // COMMON_SQL_STORED_TEXT_H_
