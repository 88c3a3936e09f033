#ifndef CLI_CLIENT_TESTING_PURCHASE_FILES_H_
#define CLI_CLIENT_TESTING_PURCHASE_FILES_H_

// Made-up purchase files for the tests of imports. Thread safety: as TestFile.

#include <string>

#include "absl/strings/str_cat.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/test_files.h"

namespace clientele::cli {

// Orders o0, o1 … of one line each; seven customers take turns.
inline PurchaseFile FileOf(int orders) {
  std::string content =
      "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n";
  for (int i = 0; i < orders; ++i) {
    absl::StrAppend(&content, "o", i, ",c", i % 7, ",2024-05-01,EUR,tea,,1,2.50\n");
  }
  return *ReadPurchaseFile(TestFile(content).path(), PurchaseFormat::kCsv, {});
}

// Order 500000+i on line 2+2i, and on the line after it its refund "C600000+i-<line>"; the
// customers take turns.
inline PurchaseFile FileOfRefundedOrders(int orders, int customers = 1) {
  std::string content =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  for (int i = 0; i < orders; ++i) {
    const int customer = 17'850 + i % customers;
    absl::StrAppend(&content, 500'000 + i, ",S", i, ",,6,2010-12-01 08:26:00,2.55,", customer,
                    ",France\n");
    absl::StrAppend(&content, "C", 600'000 + i, ",S", i, ",,-2,2010-12-02 09:41:00,2.55,", customer,
                    ",France\n");
  }
  return *ReadPurchaseFile(TestFile(content).path(), PurchaseFormat::kOnlineRetail, {});
}

}  // namespace clientele::cli

#endif  // CLI_CLIENT_TESTING_PURCHASE_FILES_H_
