#include "common/sql/tx_state.h"

#include <utility>

#include "common/sql/errors.h"
#include "common/status/macros.h"

namespace clientele::sql {

absl::Status TxState::CheckUsable() {
  CLIENTELE_RETURN_IF_ERROR(first_error_);
  return is_giving_row_ ? Lose(SqlDefect("the Tx was used inside a row callback"))
                        : absl::OkStatus();
}

absl::Status TxState::Lose(absl::Status error) {
  first_error_ = std::move(error);
  return first_error_;
}

absl::Status TxState::GiveRow(const Row& row, RowCallback on_row) {
  is_giving_row_ = true;
  absl::Status taken = on_row(row);
  is_giving_row_ = false;
  return taken;
}

void CheckLockKeys(absl::Span<const std::string> keys) {
  for (size_t i = 1; i < keys.size(); ++i) {
    CLIENTELE_CHECK(keys[i - 1] < keys[i]);
  }
}

}  // namespace clientele::sql
