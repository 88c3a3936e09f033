#ifndef CLI_COMMANDS_RFM_SPEC_H_
#define CLI_COMMANDS_RFM_SPEC_H_

// The flags of `clientele rfm run` as a model.

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/segmentation/v1/rfm_model.pb.h"

namespace clientele::cli {

// As typed; empty or 0 = not given.
struct RfmSpecOptions {
  std::string method;
  int bins = 0;
  std::string monetary = "gross";
  std::string rule_set;
  int window_days = 0;
  std::vector<std::string> edges_recency;    // days
  std::vector<std::string> edges_frequency;  // orders
  std::vector<std::string> edges_monetary;   // major units of the currency
  std::string currency;
  std::string source;
  std::string time_zone;
};

// Adds the flags to `command`, which fills `options`.
void AddRfmSpecOptions(CLI::App& command, RfmSpecOptions& options);

// The model; a UsageError for flags that do not go together. Monetary edges become minor units by
// moving the decimal point; without a currency, by two places.
absl::StatusOr<clientele::segmentation::v1::RfmModelSpec> RfmSpecFromOptions(
    const RfmSpecOptions& options);

// How many decimal places the minor unit of `currency_code` has; 2 for "" and for unknown ones.
int CurrencyDigits(absl::string_view currency_code);

// `minor` / 10^digits with the decimal point moved in the shortest text of `minor`, so that 25019.4
// becomes 250.194 and not its neighbour.
double MinorToMajor(double minor, int digits);

// The id under which a spec is published: the same for equal specs, so that running the same flags
// again publishes nothing.
std::string RfmModelId(const clientele::segmentation::v1::RfmModelSpec& spec);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_SPEC_H_
