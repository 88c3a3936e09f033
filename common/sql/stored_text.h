#ifndef COMMON_SQL_STORED_TEXT_H_
#define COMMON_SQL_STORED_TEXT_H_

// What every database of ours can store as text, so that data can move between them.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"

namespace clientele::sql {

// True when `text` is UTF-8 without U+0000, which PostgreSQL refuses. Pure; runs over ASCII at
// several bytes per cycle, since it sees every text that is written.
bool IsStorableText(absl::string_view text);

// INTERNAL for a text that is not storable and for NaN, which SQLite turns into NULL.
absl::Status CheckStorable(const Param& param);

}  // namespace clientele::sql

#endif  // COMMON_SQL_STORED_TEXT_H_
