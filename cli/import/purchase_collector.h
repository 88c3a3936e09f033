#ifndef CLI_IMPORT_PURCHASE_COLLECTOR_H_
#define CLI_IMPORT_PURCHASE_COLLECTOR_H_

// Gathers the rows of one file into orders: every format reader pushes its rows here.
// Thread safety: one thread at a time.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/customer_table.h"
#include "cli/import/purchase_file.h"
#include "cli/import/row_tally.h"
#include "cli/import/string_pool.h"
#include "common/money/currency.h"

namespace clientele::cli {

// One line of an order as a format reader found it. The views need to live during AddSale only.
struct SaleRow {
  int64_t line_number = 0;
  absl::string_view order_number;
  absl::string_view customer_key;
  absl::Time occur_time;
  absl::string_view currency_code;
  absl::string_view channel;
  absl::string_view store;
  absl::string_view region;
  absl::string_view sku;
  absl::string_view category;
  int64_t quantity = 0;
  int64_t unit_price_micros = 0;
};

// Where an accepted sale went.
struct SalePosition {
  int32_t customer_index = 0;
  int32_t order_index = 0;
  int32_t line_index = 0;  // in ImportedOrder::lines
};

class PurchaseCollector {
 public:
  // `source` is normalised, `default_currency` a currency code; `on_progress` may be empty.
  PurchaseCollector(absl::string_view source, absl::string_view default_currency,
                    std::function<void(int64_t rows_read)> on_progress);

  const std::string& source() const { return source_; }
  const std::string& default_currency() const { return default_currency_; }

  // Counts every row before its Add or Reject, and takes those that are refused.
  RowTally& tally() { return tally_; }

  // Checks currency, quantity (must be positive), amount, texts and customer, and adds the line to
  // its order, which it makes when the order number is new. On success `*position`, if not null,
  // says where.
  std::optional<Rejection> AddSale(const SaleRow& row, SalePosition* position);

  // A view that lives as long as the PurchaseFile.
  absl::string_view Intern(absl::string_view text) { return file_.strings->Intern(text); }

  CustomerTable& customers() { return customers_; }
  const ImportedLine& line(const SalePosition& position) const;
  void AddRefund(ImportedRefund refund) { file_.refunds.push_back(std::move(refund)); }

  // The whole file; the collector is used up.
  PurchaseFile Finish() &&;

 private:
  // The texts of a row as the contract keeps them, or why one is refused.
  std::optional<Rejection> NormalizeTexts(SaleRow* row);
  // nullopt when ISO 4217 does not know it as money.
  std::optional<CurrencyCode> FindCurrency(absl::string_view code);
  std::optional<Rejection> FindOrder(const SaleRow& row, int64_t gross_minor, int32_t* order_index);
  int32_t MakeOrder(const SaleRow& row, int32_t customer_index);

  std::string source_;
  std::string default_currency_;
  RowTally tally_;
  PurchaseFile file_;
  CustomerTable customers_;
  // Those seen so far: ICU is slow to ask. At most as many as ISO 4217 has.
  absl::flat_hash_map<std::string, CurrencyCode> currency_by_code_;
  std::array<std::string, 6> text_buffers_;  // what the texts of a row are normalised into
  absl::flat_hash_map<absl::string_view, int32_t> order_by_number_;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_PURCHASE_COLLECTOR_H_
