#ifndef CLI_COMMANDS_PURCHASE_TEXT_H_
#define CLI_COMMANDS_PURCHASE_TEXT_H_

// Purchases as tables.

#include "cli/environment.h"
#include "cli/output/table.h"
#include "clientele/profile/v1/purchase.pb.h"

namespace clientele::cli {

// A table without rows, and one purchase as a row of it.
Table PurchaseTable();
void AddPurchaseRow(const clientele::profile::v1::Purchase& purchase, Table& table);

// Prints a purchase with lines and refunds; with --json as JSON.
void PrintPurchase(const clientele::profile::v1::Purchase& purchase,
                   const Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PURCHASE_TEXT_H_
