#ifndef SERVICES_LOYALTY_API_CONVERTERS_LEDGER_PROTO_H_
#define SERVICES_LOYALTY_API_CONVERTERS_LEDGER_PROTO_H_

// The ledger as its messages. Pure functions.

#include "absl/time/time.h"
#include "clientele/common/v1/explanation.pb.h"
#include "clientele/loyalty/v1/ledger.pb.h"
#include "services/loyalty/domain/earning.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/store/ledger_store.h"

namespace clientele::loyalty {

v1::LedgerEntry ToProto(const CustomerId& customer_id, const Entry& entry);

// As of `now`: a lot that is due has nothing left.
v1::Lot ToProto(const Lot& lot, absl::Time now);

// As of `now`, for which `outlook` was read.
v1::Balance ToProto(const Member& member, const LotOutlook& outlook, absl::Time now);

// Why a purchase earned what it earned, and what its refunds took back.
common::v1::Explanation ExplainEarning(const Program& program, const Earning& earning);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_CONVERTERS_LEDGER_PROTO_H_
