#include "common/sealing/sealed_column.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele::sealing {

absl::StatusOr<OpenedText> ReadText(const CustomerKeys& keys, const Place& place,
                                    const sql::Row& row, int plain_column, int sealed_column) {
  if (row.IsNull(sealed_column)) {
    return OpenedText{.text = std::string(row.Text(plain_column))};
  }
  return keys.Open(place, row.Blob(sealed_column));
}

absl::StatusOr<sql::Param> SealedParams::Seal(const Place& place, absl::string_view text) {
  if (text.empty()) {
    return sql::Param(sql::kNull);
  }
  CLIENTELE_ASSIGN_OR_RETURN(std::string sealed, keys_.Seal(place, text));
  return sql::Param(sql::Bytes{bytes_.emplace_back(std::move(sealed))});
}

}  // namespace clientele::sealing
