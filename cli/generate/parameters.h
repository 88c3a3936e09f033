#ifndef CLI_GENERATE_PARAMETERS_H_
#define CLI_GENERATE_PARAMETERS_H_

// What the generated customers are like. Purchases are Pareto/NBD (D. Schmittlein, D. Morrison,
// R. Colombo, "Counting Your Customers", Management Science 33, 1987): each customer buys as a
// Poisson process of an own rate until an own, exponential, drop-out; spend is Gamma-Gamma
// (P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary Value", 2013). Rates are per year of 365
// days, money in minor units.

namespace clientele::cli {

struct PopulationParameters {
  // The file covers this many days up to and including its last. A customer's first order falls on
  // a moment that is uniform over them; what follows is the process.
  int window_days = 1'095;

  // Orders after the first: rate ~ Gamma(shape) with this mean.
  double order_rate_shape = 0.6;
  double order_rate_mean = 5.0;

  // Drop-out: rate ~ Gamma(shape) with this mean, counted from the first order.
  double dropout_rate_shape = 0.7;
  double dropout_rate_mean = 0.8;

  // What one order is worth: Gamma(order_shape) / customer's rate, the rate ~ Gamma(customer_shape)
  // / scale. Mean order_shape * scale / (customer_shape - 1). The basket comes as near to it as its
  // prices allow.
  double spend_order_shape = 4.0;
  double spend_customer_shape = 3.0;
  double spend_scale_minor = 4'000;

  // Organizations among the customers, and how many times a person's they spend.
  double organization_share = 0.04;
  double organization_spend_factor = 6.0;

  // Of all orders, those something comes back of, 1 to refund_delay_days_max days later (if that is
  // still within the file); of these, those that come back whole.
  double refund_share = 0.06;
  double whole_refund_share = 0.3;
  int refund_delay_days_max = 30;

  // Of all customers, those who complain, about one of their orders, 0 to complaint_delay_days_max
  // days later (if that is still within the file).
  double complaint_share = 0.05;
  int complaint_delay_days_max = 14;
};

// No customer has more orders: a bound for memory that the process stays far below (its largest
// rate among a million customers is about 110 a year).
inline constexpr int kOrdersPerCustomerMax = 5'000;

}  // namespace clientele::cli

#endif  // CLI_GENERATE_PARAMETERS_H_
