#ifndef COMMON_SEALING_SEALED_COLUMN_H_
#define COMMON_SEALING_SEALED_COLUMN_H_

// Texts in two columns: one in which earlier releases left them in the clear, and one that holds
// them sealed. A text is in the second unless that is NULL; then the first is '' and an empty text
// is in neither.

#include <deque>
#include <string>

#include "absl/status/statusor.h"
#include "common/sealing/customer_keys.h"
#include "common/sql/statement.h"

namespace clientele::sealing {

// The text of `row` at `place`. As CustomerKeys::Open.
absl::StatusOr<OpenedText> ReadText(const CustomerKeys& keys, const Place& place,
                                    const sql::Row& row, int plain_column, int sealed_column);

// Seals texts into parameters of statements. A value of one thread that outlives the statements.
class SealedParams {
 public:
  // `keys` outlives it.
  explicit SealedParams(const CustomerKeys& keys) : keys_(keys) {}

  // For the sealed column: NULL for an empty text. As CustomerKeys::Seal.
  absl::StatusOr<sql::Param> Seal(const Place& place, absl::string_view text);

 private:
  const CustomerKeys& keys_;
  std::deque<std::string> bytes_;  // what the parameters refer to: elements do not move
};

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_SEALED_COLUMN_H_
