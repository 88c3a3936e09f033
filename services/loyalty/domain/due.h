#ifndef SERVICES_LOYALTY_DOMAIN_DUE_H_
#define SERVICES_LOYALTY_DOMAIN_DUE_H_

// What time does to a member whom nobody writes to. Pure.

#include "absl/time/time.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/domain/purchase_history.h"

namespace clientele::loyalty {

// Posts and tells what is due at or before `until` (LedgerBook::due_time), each as of its own
// instant and in the order of these, at one instant lots before the tier. However often it is
// called on the way to an instant, it leaves the same behind, ids included. Every event of the book
// has its id.
void BringUpTo(const Program& program, absl::Time until, MemberState& state);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_DUE_H_
