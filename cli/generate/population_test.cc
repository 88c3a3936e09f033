// Whether the customers are what the parameters say: every expectation is computed here from the
// published formulas, every bound is four standard errors unless it says otherwise.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "cli/generate/customer_life.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

constexpr int kCustomers = 20'000;
constexpr uint64_t kSeed = 1;
const absl::CivilDay kUntil(2025, 12, 31);

const std::vector<CustomerLife>& Population() {
  static const auto& population = *new std::vector<CustomerLife>([] {
    std::vector<CustomerLife> lives;
    for (int64_t number = 1; number <= kCustomers; ++number) {
      lives.push_back(LiveCustomer({}, kUntil, kSeed, number));
    }
    return lives;
  }());
  return population;
}

double ShareBound(double share, double count) { return 4 * std::sqrt(share * (1 - share) / count); }

double CustomerShare(const std::function<bool(const CustomerLife&)>& is_so) {
  const auto& lives = Population();
  return static_cast<double>(std::count_if(lives.begin(), lives.end(), is_so)) / kCustomers;
}

// The mean of f over [0, end] by the midpoint rule.
double MeanOver(double end, const std::function<double(double)>& f) {
  constexpr int kSteps = 400;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    sum += f((i + 0.5) * end / kSteps);
  }
  return sum / kSteps;
}

// The Pareto/NBD of the default parameters, in years.
const PopulationParameters kParameters;
const double kYears = kParameters.window_days / 365.0;
const double r = kParameters.order_rate_shape;
const double alpha = r / kParameters.order_rate_mean;
const double s = kParameters.dropout_rate_shape;
const double beta = s / kParameters.dropout_rate_mean;

// Schmittlein, Morrison, Colombo (1987): repeat purchases within t.
double ExpectedRepeats(double t) {
  return r * beta / (alpha * (s - 1)) * (1 - std::pow(beta / (beta + t), s - 1));
}

double AliveAt(double t) { return std::pow(beta / (beta + t), s); }

// No repeat within t: over the time of the drop-out, plus none at all.
double NoRepeat(double t) {
  const auto none_until = [](double time) { return std::pow(alpha / (alpha + time), r); };
  const double dropped =
      t * MeanOver(t, [&](double time) {
        return none_until(time) * s / beta * std::pow(beta / (beta + time), s + 1);
      });
  return dropped + AliveAt(t) * none_until(t);
}

TEST(Population, BuysAsOftenAsParetoNbdExpects) {
  double sum = 0, squares = 0;
  for (const CustomerLife& life : Population()) {
    const auto repeats = static_cast<double>(life.orders.size()) - 1;
    sum += repeats;
    squares += repeats * repeats;
  }
  const double mean = sum / kCustomers;
  const double bound = 4 * std::sqrt((squares / kCustomers - mean * mean) / kCustomers);
  EXPECT_NEAR(mean, MeanOver(kYears, ExpectedRepeats), bound);
  EXPECT_LT(bound, 0.05 * mean + 0.3);
}

TEST(Population, HasAsManyOneTimeBuyersAsParetoNbdExpects) {
  const double expected = MeanOver(kYears, NoRepeat);
  EXPECT_NEAR(CustomerShare([](const CustomerLife& life) { return life.orders.size() == 1; }),
              expected, ShareBound(expected, kCustomers));
}

TEST(Population, DropsOutAsOftenAsParetoNbdExpects) {
  const double expected = 1 - MeanOver(kYears, AliveAt);
  EXPECT_NEAR(CustomerShare([](const CustomerLife& life) { return life.dropped_out; }), expected,
              ShareBound(expected, kCustomers));
}

// First orders of persons are independent, so their worth has the Gamma-Gamma's distribution: worth
// / scale is a beta prime of the two shapes. 0.01 is for what the baskets cannot reach.
TEST(Population, SpendsAsGammaGammaExpects) {
  const double p = kParameters.spend_order_shape;
  const double q = kParameters.spend_customer_shape;
  std::vector<double> worths;
  for (const CustomerLife& life : Population()) {
    if (life.person.organization) continue;
    worths.push_back(static_cast<double>(BasketMinor(life.orders.front().lines)));
  }
  const double log_beta = std::lgamma(p) + std::lgamma(q) - std::lgamma(p + q);
  for (const double ratio : {0.3, 0.6, 1.0, 1.5, 2.5, 5.0, 10.0}) {
    const double expected =
        ratio * MeanOver(ratio, [&](double x) {
          return std::exp((p - 1) * std::log(x) - (p + q) * std::log(1 + x) - log_beta);
        });
    const auto below = std::count_if(worths.begin(), worths.end(), [&](double worth) {
      return worth < ratio * kParameters.spend_scale_minor;
    });
    EXPECT_NEAR(static_cast<double>(below) / worths.size(), expected,
                ShareBound(expected, worths.size()) + 0.01)
        << ratio;
  }
}

TEST(Population, OrganizationsSpendTheirFactorMore) {
  const double share = CustomerShare([](const CustomerLife& l) { return l.person.organization; });
  EXPECT_NEAR(share, kParameters.organization_share, ShareBound(share, kCustomers));
  // Medians: the mean of a heavy tail needs more customers.
  const auto median = [](bool organization) {
    std::vector<int64_t> worths;
    for (const CustomerLife& life : Population()) {
      if (life.person.organization != organization) continue;
      worths.push_back(BasketMinor(life.orders.front().lines));
    }
    std::sort(worths.begin(), worths.end());
    return static_cast<double>(worths[worths.size() / 2]);
  };
  EXPECT_NEAR(median(true) / median(false), kParameters.organization_spend_factor, 0.9);
}

TEST(Population, RefundsItsShareOfOrders) {
  double orders = 0, refunds = 0, whole = 0;
  for (const CustomerLife& life : Population()) {
    for (const GeneratedOrder& order : life.orders) {
      ++orders;
      if (!order.refund.has_value()) continue;
      ++refunds;
      int64_t refunded_minor = 0;
      for (const GeneratedRefund::Line& line : order.refund->lines) {
        ASSERT_LE(line.quantity, order.lines[line.line_index].quantity);
        refunded_minor += line.quantity * order.lines[line.line_index].product->price_minor;
      }
      if (refunded_minor == BasketMinor(order.lines)) ++whole;
      EXPECT_GE(order.refund->time, order.time);
      EXPECT_LT(absl::CivilDay(order.refund->time), kUntil + 1);
    }
  }
  EXPECT_NEAR(refunds / orders, kParameters.refund_share,
              ShareBound(kParameters.refund_share, orders));
  // One line of one unit may be everything there was.
  EXPECT_GT(whole / refunds, kParameters.whole_refund_share);
  EXPECT_LT(whole / refunds, 0.6);
}

TEST(Population, ComplainsInItsShareAndLanguage) {
  const double share = CustomerShare([](const CustomerLife& l) { return l.complaint.has_value(); });
  EXPECT_NEAR(share, kParameters.complaint_share, ShareBound(share, kCustomers));
  std::vector<int> by_severity(5);
  for (const CustomerLife& life : Population()) {
    if (!life.complaint.has_value()) continue;
    const GeneratedComplaint& complaint = *life.complaint;
    EXPECT_EQ(complaint.phrase->language_code, life.market->language_code);
    EXPECT_GE(complaint.time, life.orders[complaint.order_index].time);
    EXPECT_TRUE(!complaint.safety || complaint.severity == 1);
    ++by_severity[static_cast<size_t>(complaint.severity)];
  }
  EXPECT_EQ(by_severity[0], 0);
  for (int severity = 1; severity <= 4; ++severity) {
    EXPECT_GT(by_severity[static_cast<size_t>(severity)], 50) << severity;
  }
}

TEST(Population, KeepsToTheWindowAndOpeningHours) {
  for (const CustomerLife& life : Population()) {
    absl::CivilSecond before;
    for (const GeneratedOrder& order : life.orders) {
      EXPECT_GE(order.time, before);
      EXPECT_GE(absl::CivilDay(order.time), kUntil - kParameters.window_days + 1);
      EXPECT_LE(absl::CivilDay(order.time), kUntil);
      EXPECT_GE(order.time.hour(), 8);
      EXPECT_LT(order.time.hour(), 22);
      before = order.time;
    }
    EXPECT_LT(life.orders.size(), kOrdersPerCustomerMax);
  }
}

}  // namespace
}  // namespace clientele::cli
