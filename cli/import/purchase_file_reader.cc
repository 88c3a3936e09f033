#include "cli/import/purchase_file_reader.h"

#include <memory>
#include <utility>

#include "cli/import/errors.h"
#include "cli/import/input_file.h"
#include "cli/import/limits.h"
#include "cli/import/purchase_collector.h"
#include "cli/import/text.h"
#include "common/money/currency.h"
#include "common/status/macros.h"

namespace clientele::cli {

absl::StatusOr<PurchaseFile> ReadPurchaseFile(absl::string_view path, PurchaseFormat format,
                                              const PurchaseFileOptions& options) {
  const std::string source =
      Slug(options.source.empty() ? ToString(format) : absl::string_view(options.source));
  if (source.empty() || source.size() > kSourceBytesMax) return InvalidSource();
  const absl::string_view currency = options.currency_code.empty()
                                         ? DefaultCurrency(format)
                                         : absl::string_view(options.currency_code);
  if (!CurrencyCode::Parse(currency).ok()) return InvalidDefaultCurrency();

  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<InputFile> file, InputFile::Open(path));
  PurchaseCollector collector(source, currency, options.on_progress);
  CLIENTELE_RETURN_IF_ERROR(MakePurchaseFormatReader(format)->Read(*file, collector));
  return std::move(collector).Finish();
}

}  // namespace clientele::cli
