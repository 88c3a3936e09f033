#include "services/segmentation/testing/real_data.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

constexpr int kParentFoldersMax = 4;
constexpr int kLineBytesMax = 65536;

std::vector<std::string> SplitCsvLine(absl::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

std::vector<std::string> ReadLines(const std::string& path) {
  std::vector<std::string> lines;
  gzFile file = gzopen(path.c_str(), "rb");  // reads plain files as they are
  CLIENTELE_CHECK(file != nullptr);
  std::vector<char> buffer(kLineBytesMax);
  while (gzgets(file, buffer.data(), kLineBytesMax) != nullptr) {
    lines.emplace_back(absl::StripTrailingAsciiWhitespace(buffer.data()));
  }
  gzclose(file);
  return lines;
}

// "2.55" with up to three decimals, in thousandths; nullopt unless it is such a number.
std::optional<int64_t> Thousandths(absl::string_view text) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  std::string fraction(parts.second.substr(0, 3));
  fraction.resize(3, '0');
  int64_t value = 0;
  if (!absl::SimpleAtoi(absl::StrCat(parts.first, fraction), &value)) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

absl::Time ParseUtc(absl::string_view format, absl::string_view text) {
  absl::Time time;
  std::string error;
  CLIENTELE_CHECK(absl::ParseTime(format, text, &time, &error));
  return time;
}

}  // namespace

std::optional<std::string> RealDataFolder() {
  namespace fs = std::filesystem;
  if (const char* configured = std::getenv("CLIENTELE_TEST_DATA"); configured != nullptr) {
    return fs::is_directory(configured) ? std::optional<std::string>(configured) : std::nullopt;
  }
  fs::path checkout = CLIENTELE_SOURCE_DIR;
  for (int i = 0; i < kParentFoldersMax; ++i) {
    checkout = checkout.parent_path();
    if (fs::is_directory(checkout / "shared" / "data")) {
      return (checkout / "shared" / "data").string();
    }
  }
  return std::nullopt;
}

std::vector<std::vector<std::string>> ReadCsv(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : ReadLines(path)) {
    rows.push_back(SplitCsvLine(line));
  }
  CLIENTELE_CHECK(!rows.empty());
  rows.erase(rows.begin());
  return rows;
}

OrdersByCustomer ReadOnlineRetail(const std::string& folder) {
  std::map<std::string, std::map<std::string, TestOrder>> invoices;
  for (const auto& row : ReadCsv(folder + "/online-retail/online_retail.csv.gz")) {
    CLIENTELE_CHECK(row.size() == 8);
    int64_t quantity = 0;
    const std::optional<int64_t> price = Thousandths(row[5]);
    if (row[6].empty() || !absl::SimpleAtoi(row[3], &quantity) || quantity <= 0 ||
        !price.has_value() || *price <= 0) {
      continue;
    }
    const absl::Time time = ParseUtc("%Y-%m-%d %H:%M:%S", row[4]);
    const auto [order, added] = invoices[row[6]].try_emplace(row[0], TestOrder{time, 0});
    order->second.occur_time = std::min(order->second.occur_time, time);
    order->second.gross_minor += (quantity * *price + 5) / 10;
  }
  OrdersByCustomer orders;
  for (const auto& [customer, by_invoice] : invoices) {
    for (const auto& [invoice, order] : by_invoice) {
      orders[customer].push_back(order);
    }
  }
  return orders;
}

OrdersByCustomer ReadRfmOrders(const std::string& folder) {
  OrdersByCustomer orders;
  for (const auto& row : ReadCsv(folder + "/rfm-orders/rfm_data_orders.csv")) {
    orders[row[0]].push_back({ParseUtc("%Y-%m-%d", row[1]), Thousandths(row[2]).value() / 10});
  }
  return orders;
}

OrdersByCustomer ReadCdnow(const std::string& folder) {
  OrdersByCustomer orders;
  for (const std::string& line : ReadLines(folder + "/cdnow/CDNOW_sample.txt")) {
    const std::vector<std::string> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
    CLIENTELE_CHECK(fields.size() == 5 && fields[2].size() == 8);
    const std::string date = absl::StrCat(fields[2].substr(0, 4), "-", fields[2].substr(4, 2), "-",
                                          fields[2].substr(6, 2));
    orders[fields[0]].push_back({ParseUtc("%Y-%m-%d", date), Thousandths(fields[4]).value() / 10});
  }
  return orders;
}

}  // namespace clientele::segmentation
