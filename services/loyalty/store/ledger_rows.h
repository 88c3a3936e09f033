#ifndef SERVICES_LOYALTY_STORE_LEDGER_ROWS_H_
#define SERVICES_LOYALTY_STORE_LEDGER_ROWS_H_

// Rows of the ledger's tables as domain values. Internal to the store.

#include "common/sql/database.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// In the column orders given in sql_ledger.h. The entry comes without lot_uses.
Entry EntryFromRow(const sql::Row& row);
Lot LotFromRow(const sql::Row& row);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_LEDGER_ROWS_H_
