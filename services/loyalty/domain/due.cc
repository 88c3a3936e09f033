#include "services/loyalty/domain/due.h"

#include <algorithm>
#include <optional>

namespace clientele::loyalty {

void BringUpTo(const Program& program, absl::Time until, MemberState& state) {
  LedgerBook& book = state.book;
  for (std::optional<absl::Time> due = book.due_time(); due.has_value() && *due <= until;
       due = book.due_time()) {
    if (book.lot_due_time() == due) {
      book.ExpireNextDue();
      continue;
    }
    RefreshTier(program, *due, std::max(*due, book.member().last_record_time), state);
    book.NameEvents(DueEventId);
    book.CountDue();
  }
}

}  // namespace clientele::loyalty
