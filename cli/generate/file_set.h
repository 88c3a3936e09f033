#ifndef CLI_GENERATE_FILE_SET_H_
#define CLI_GENERATE_FILE_SET_H_

// The files of a made-up business, in the csv formats that `clientele import` takes.

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/generate/parameters.h"

namespace clientele::cli {

// Numbers of customers are written with seven digits.
inline constexpr int64_t kGeneratedCustomersMax = 9'999'999;

// The header line of each file.
inline constexpr absl::string_view kCustomersHeader =
    "customer,kind,display_name,given_name,family_name,birth_date,gender,language_code,"
    "region_code,locality,email,phone,occur_time";
inline constexpr absl::string_view kPurchasesHeader =
    "order_number,customer,occur_time,currency,sku,category,quantity,unit_price,channel,store,"
    "region";
inline constexpr absl::string_view kRefundsHeader =
    "order_number,refund_number,customer,occur_time,line_number,quantity,reason";
inline constexpr absl::string_view kComplaintsHeader =
    "complaint,customer,occur_time,channel,type,severity,safety,language_code,subject,description,"
    "desired_remedy";

struct GenerateOptions {
  int64_t customers = 0;  // 1..kGeneratedCustomersMax
  uint64_t seed = 0;
  std::string dir;       // made when it is not there; its parent must be
  absl::CivilDay until;  // the last day something may happen on
  PopulationParameters parameters;
  std::function<void(int64_t done, int64_t total)> on_progress;  // may be empty
};

struct GeneratedCounts {
  int64_t orders = 0;
  int64_t lines = 0;
  int64_t refunds = 0;
  int64_t complaints = 0;
};

// Writes customers.csv, purchases.csv, refunds.csv and complaints.csv, customer by customer, so
// that memory does not grow with their number. The same options make the same bytes on every
// machine. The files get their names once all of them are whole. ALREADY_EXISTS when one of them is
// there; PERMISSION_DENIED or UNAVAILABLE when the folder or a file cannot be written.
absl::StatusOr<GeneratedCounts> GenerateFiles(const GenerateOptions& options);

}  // namespace clientele::cli

#endif  // CLI_GENERATE_FILE_SET_H_
