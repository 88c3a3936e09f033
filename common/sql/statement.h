#ifndef COMMON_SQL_STATEMENT_H_
#define COMMON_SQL_STATEMENT_H_

// What goes into a statement and what comes out of it.
//
// Thread safety: values; a Row or Param belongs to the thread that runs the transaction.

#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::sql {

// A named statement; define each as a constant of static storage in a store's sql.h. Drivers keep
// it prepared per connection and report its seconds by `name`.
struct Statement {
  absl::string_view name;  // "InsertCustomer", unique in the service
  absl::string_view text;
};

// BYTEA / BLOB, to tell bytes from text.
struct Bytes {
  absl::string_view value;
};

// One bound value. Text and bytes are views: what they point at must outlive the call. Text with
// U+0000 or invalid UTF-8, and NaN, are refused with INTERNAL (validate before).
using Param = std::variant<std::monostate, int64_t, double, absl::string_view, Bytes>;

// NULL.
inline constexpr std::monostate kNull{};

// The current row of a result, valid until the callback that received it returns. Columns count
// from 0; asking for a column as another type than it holds is a CHECK failure.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int64(int column) const = 0;
  virtual double Double(int column) const = 0;
  virtual absl::string_view Text(int column) const = 0;
  virtual absl::string_view Blob(int column) const = 0;
};

using RowCallback = absl::FunctionRef<absl::Status(const Row&)>;

// The same for a batch: `index` is the element whose parameters gave the row.
using BatchRowCallback = absl::FunctionRef<absl::Status(size_t index, const Row&)>;

}  // namespace clientele::sql

#endif  // COMMON_SQL_STATEMENT_H_
