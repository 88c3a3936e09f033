#include "services/segmentation/jobs/population_loader.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/store/order_log_reader.h"

namespace clientele::segmentation {
namespace {

// Reads one page of customers after `last_customer_id`, and moves that on; answers its row count.
absl::StatusOr<int64_t> LoadCustomerPage(sql::Tx& tx, const RunInput& input, absl::Time as_of,
                                         int64_t page_rows, std::string& last_customer_id,
                                         CustomerIndex& customers) {
  const std::string after_customer_id = last_customer_id;
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t row_count,
                             ReadCustomers(tx, input.positions, after_customer_id, page_rows,
                                           last_customer_id, [&](const CustomerRow& customer) {
                                             customers.Add(customer.customer_id,
                                                           customer.known_time < as_of
                                                               ? CustomerStanding::kKnown
                                                               : CustomerStanding::kNotKnown);
                                           }));
  bool all_known = true;
  CLIENTELE_RETURN_IF_ERROR(ReadDeletions(
      tx, input.positions, {after_customer_id, last_customer_id}, [&](const DeletionRow& deletion) {
        const bool undeleted =
            deletion.undelete_time.has_value() && *deletion.undelete_time < as_of;
        if (deletion.delete_time < as_of && !undeleted) {
          all_known &= customers.SetStanding(deletion.customer_id, CustomerStanding::kDeleted);
        }
      }));
  if (!all_known) {
    return absl::InternalError("a customer was deleted that does not exist");
  }
  return row_count;
}

absl::StatusOr<CustomerIndex> LoadCustomers(sql::Database& database, const RunInput& input,
                                            absl::Time as_of, int64_t page_rows, RunWatch& watch) {
  CustomerIndex customers;
  std::string last_customer_id;
  int64_t row_count = page_rows;
  while (row_count == page_rows) {
    CLIENTELE_ASSIGN_OR_RETURN(
        row_count,
        ReadIn(database, sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::StatusOr<int64_t> {
          CLIENTELE_RETURN_IF_ERROR(watch.Check(tx));
          return LoadCustomerPage(tx, input, as_of, page_rows, last_customer_id, customers);
        }));
  }
  return customers;
}

// Counts the orders of the customers [begin, end).
class RangeScan {
 public:
  RangeScan(const CustomerIndex& customers, const OrderCounter& counter, uint32_t begin,
            uint32_t end)
      : customers_(customers), counter_(counter), current_(begin), end_(end) {}

  absl::Status Run(sql::Database& database, const RunInput& input, int64_t page_rows,
                   RunWatch& watch) {
    if (current_ == end_) {
      return absl::OkStatus();
    }
    const OrderQuery query{.positions = input.positions,
                           .last_customer_id = std::string(customers_.IdOf(end_ - 1)),
                           .with_changes = input.spec.monetary == MonetaryBasis::kNet,
                           .changes_end = counter_.end(),
                           .page_rows = page_rows};
    OrderPage page;
    page.after_customer_id = std::string(customers_.IdOf(current_));
    while (!page.at_end) {
      const auto read = [&](sql::Tx& tx) {
        const absl::Status status = watch.Check(tx);
        return status.ok() ? ReadOrders(tx, query, page) : status;
      };
      CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly(sql::BackgroundTx(), read));
      const uint32_t before = current_;
      CLIENTELE_RETURN_IF_ERROR(TakePage(page));
      watch.Advance(current_ - before);
    }
    const uint32_t before = current_;
    while (current_ < end_) {
      FinishCustomer();
    }
    watch.Advance(current_ - before);
    return absl::OkStatus();
  }

  const std::vector<uint32_t>& scored() const { return scored_; }
  const std::vector<CustomerOutOfWindow>& out_of_window() const { return out_of_window_; }
  const Population& population() const { return population_; }

 private:
  absl::Status TakePage(const OrderPage& page) {
    for (size_t i = 0; i < page.customer_count; ++i) {
      const ScannedCustomer& customer = page.customers[i];
      while (current_ < end_ && customers_.IdOf(current_) != customer.customer_id) {
        FinishCustomer();
      }
      if (current_ == end_) {
        return absl::InternalError("the order log names a customer that does not exist");
      }
      const size_t order_end =
          i + 1 < page.customer_count ? page.customers[i + 1].order_begin : page.orders.size();
      for (size_t k = customer.order_begin; k < order_end; ++k) {
        const ScannedOrder& order = page.orders[k];
        orders_.push_back({absl::FromUnixMicros(order.occur_time_us), order.gross_minor,
                           order.net_minor, page.currencies.NameOf(order.currency),
                           page.source_systems.NameOf(order.source_system)});
      }
    }
    return absl::OkStatus();
  }

  // Counts what has been gathered for the current customer and goes on to the next.
  void FinishCustomer() {
    CountedCustomer counted = counter_.Count(orders_);
    orders_.clear();
    const uint32_t customer = current_++;
    const CustomerStanding standing = customers_.StandingOf(customer);
    if (standing == CustomerStanding::kDeleted) {
      counted = CountedCustomer{.exclusion = Exclusion::kDeleted};
    } else if (standing == CustomerStanding::kNotKnown && !counted.ordered_before_as_of) {
      return;  // nobody had heard of it: a run of that day would not have counted it either
    }
    if (population_.Add(counted)) {
      scored_.push_back(customer);
    } else if (counted.exclusion == Exclusion::kOutOfWindow) {
      out_of_window_.push_back({customer, counted.row.recency_days});
    }
  }

  const CustomerIndex& customers_;
  const OrderCounter& counter_;
  uint32_t current_;
  const uint32_t end_;
  std::vector<LoggedOrder> orders_;  // of the current customer
  std::vector<uint32_t> scored_;
  std::vector<CustomerOutOfWindow> out_of_window_;
  Population population_;
};

}  // namespace

absl::StatusOr<LoadedPopulation> LoadPopulation(sql::Database& database, const RunInput& input,
                                                const LoadOptions& options, RunWatch& watch) {
  const OrderCounter counter(input.spec, input.as_of);
  LoadedPopulation loaded;
  CLIENTELE_ASSIGN_OR_RETURN(
      loaded.customers, LoadCustomers(database, input, counter.end(), options.page_rows, watch));
  const uint64_t customer_count = loaded.customers.size();
  watch.BeginPhase("loading", static_cast<int64_t>(customer_count));

  std::vector<RangeScan> scans;
  for (int i = 0; i < options.threads; ++i) {
    scans.emplace_back(loaded.customers, counter,
                       static_cast<uint32_t>(customer_count * i / options.threads),
                       static_cast<uint32_t>(customer_count * (i + 1) / options.threads));
  }
  std::vector<absl::Status> statuses(scans.size());
  std::vector<std::thread> workers;
  for (size_t i = 1; i < scans.size(); ++i) {
    workers.emplace_back(
        [&, i] { statuses[i] = scans[i].Run(database, input, options.page_rows, watch); });
  }
  statuses[0] = scans[0].Run(database, input, options.page_rows, watch);
  std::for_each(workers.begin(), workers.end(), [](std::thread& worker) { worker.join(); });
  for (const absl::Status& status : statuses) {
    CLIENTELE_RETURN_IF_ERROR(status);
  }
  for (const RangeScan& scan : scans) {
    loaded.scored.insert(loaded.scored.end(), scan.scored().begin(), scan.scored().end());
    loaded.out_of_window.insert(loaded.out_of_window.end(), scan.out_of_window().begin(),
                                scan.out_of_window().end());
    loaded.population.Append(scan.population());
  }
  return loaded;
}

}  // namespace clientele::segmentation
