#ifndef CLI_GENERATE_CUSTOMER_LIFE_H_
#define CLI_GENERATE_CUSTOMER_LIFE_H_

// One made-up customer from the first order on: who it is, what it buys, what comes back, what it
// complains about. Thread safety: a pure function.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/generate/basket.h"
#include "cli/generate/catalogue.h"
#include "cli/generate/parameters.h"

namespace clientele::cli {

struct GeneratedPerson {
  bool organization = false;
  std::string display_name;
  absl::string_view given_name;  // empty for organizations, as the rest
  absl::string_view family_name;
  absl::string_view gender;  // empty: not said
  std::string birth_date;    // YYYY-MM-DD
  absl::string_view locality;
  std::string email;  // of example.com; empty: not known
  std::string phone;  // of a range kept for fiction; empty: not known
};

struct GeneratedRefund {
  struct Line {
    size_t line_index = 0;  // into GeneratedOrder::lines
    int64_t quantity = 0;
  };
  absl::CivilSecond time;
  std::vector<Line> lines;
  absl::string_view reason;
};

struct GeneratedOrder {
  absl::CivilSecond time;
  absl::string_view channel;
  std::vector<BasketLine> lines;
  std::optional<GeneratedRefund> refund;
};

struct GeneratedComplaint {
  absl::CivilSecond time;
  size_t order_index = 0;
  absl::string_view channel;
  const ComplaintPhrase* phrase = nullptr;
  int severity = 0;  // 1 (gravest) to 4
  bool safety = false;
};

struct CustomerLife {
  const Market* market = nullptr;
  GeneratedPerson person;
  bool dropped_out = false;            // before the file's end
  std::vector<GeneratedOrder> orders;  // 1..kOrdersPerCustomerMax, by time
  std::optional<GeneratedComplaint> complaint;
};

// The customer `number` of the population under `seed`; depends on nothing else, so a larger
// population begins with a smaller one. Nothing happens after `until`. Times are UTC, within
// opening hours.
CustomerLife LiveCustomer(const PopulationParameters& parameters, absl::CivilDay until,
                          uint64_t seed, int64_t number);

}  // namespace clientele::cli

#endif  // CLI_GENERATE_CUSTOMER_LIFE_H_
