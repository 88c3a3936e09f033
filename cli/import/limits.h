#ifndef CLI_IMPORT_LIMITS_H_
#define CLI_IMPORT_LIMITS_H_

// Every bound of the purchase file readers, with its reason. Those of orders and lines repeat what
// clientele.profile.v1.Purchase accepts, so that a row is refused here, with its line number,
// instead of costing its whole order at the server.

#include <cstddef>
#include <cstdint>

namespace clientele::cli {

// Longest physical line; beyond it the file is hardly text, and memory must stay bounded.
inline constexpr size_t kLineBytesMax = size_t{1} << 20;

// Physical lines of one file: line numbers must fit the contract's int32.
inline constexpr int64_t kPhysicalLinesMax = 2'000'000'000;

// How far a quoted field may reach before its quote counts as never closed: a stray quote must
// cost one row, not the rest of the file.
inline constexpr size_t kRecordLinesMax = 100;
inline constexpr size_t kRecordBytesMax = size_t{64} << 10;

// Columns of a header; more is not a purchase file.
inline constexpr size_t kCsvFieldsMax = 256;

// Rows of one file: all orders are held until the whole file is read, about 150 bytes a row.
inline constexpr int64_t kRowsMax = 20'000'000;

// Lines of one order, as the contract has it.
inline constexpr size_t kOrderLinesMax = 2'000;

// Characters of an order number, SKU, category, channel, store, region, customer spelling.
inline constexpr size_t kTextCharactersMax = 100;

// A customer id is ^[a-z0-9][a-z0-9-]{2,62}$, a source ^[a-z0-9][a-z0-9-]{0,62}$.
inline constexpr size_t kCustomerIdBytesMin = 3;
inline constexpr size_t kCustomerIdBytesMax = 63;
inline constexpr size_t kSourceBytesMax = 63;

// Largest magnitude of a line's quantity.
inline constexpr int64_t kQuantityMax = 1'000'000'000;

// Largest magnitude of a unit price: 1e9 major units.
inline constexpr int64_t kPriceMicrosMax = 1'000'000'000'000'000;

// Largest quantity x price of a line: 1e12 major units, so that its sum over a file fits int64
// minor units.
inline constexpr int64_t kLineAmountMicrosMax = 1'000'000'000'000'000'000;

// Years an order may lie in; anything else is a misread date.
inline constexpr int kOccurYearMin = 1900;
inline constexpr int kOccurYearMax = 2199;

// Rejected rows listed per reason; every one of them is counted.
inline constexpr int64_t kRejectedRowsListedMax = 20;

// Rows between two calls of the progress callback.
inline constexpr int64_t kProgressRows = 8'192;

}  // namespace clientele::cli

#endif  // CLI_IMPORT_LIMITS_H_
