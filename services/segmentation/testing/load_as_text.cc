#include "services/segmentation/testing/load_as_text.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "common/feed/consumer_positions.h"
#include "common/sql/transaction.h"
#include "services/segmentation/jobs/order_log_consumer.h"

namespace clientele::segmentation {

std::string LoadAsText(sql::Database& database, const RfmModelSpec& spec, absl::CivilDay as_of,
                       const LoadOptions& options) {
  const auto read_positions = [](sql::Tx& tx) {
    return feed::ReadConsumerPositions(tx, kProfileFeed);
  };
  const RunInput input{
      .spec = spec, .as_of = as_of, .positions = ReadIn(database, {}, read_positions).value()};
  RunBoard board;
  const std::atomic<bool> stopping = false;
  RunWatch watch(RunNo{1}, board, stopping);
  const LoadedPopulation loaded = LoadPopulation(database, input, options, watch).value();
  std::string seen;
  for (size_t i = 0; i < loaded.scored.size(); ++i) {
    const RfmRow row = loaded.population.columns.At(i);
    absl::StrAppend(&seen, loaded.customers.IdOf(loaded.scored[i]), " ", row.recency_days, " ",
                    row.frequency, " ", row.revenue_minor, "\n");
  }
  for (const CustomerOutOfWindow& customer : loaded.out_of_window) {
    absl::StrAppend(&seen, loaded.customers.IdOf(customer.customer), " out ", customer.recency_days,
                    "\n");
  }
  for (size_t i = 0; i < kExclusionCount; ++i) {
    absl::StrAppend(&seen, ExclusionName(static_cast<Exclusion>(i)), " ",
                    loaded.population.exclusion_counts[i], "\n");
  }
  return seen;
}

}  // namespace clientele::segmentation
