#include "cli/generate/customer_life.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "cli/generate/random.h"

namespace clientele::cli {
namespace {

constexpr double kDaysPerYear = 365;

// Shops are open from 8 to 22; a day of the process is squeezed into that, order kept.
constexpr absl::civil_diff_t kOpeningSecond = 28'800;
constexpr double kOpenSeconds = 14 * 3600;

// How often an order comes through the channel its customer prefers.
constexpr double kPreferredChannelShare = 0.8;

// An order that would be worth more is cut: above ten million something is wrong.
constexpr double kWorthMinorMax = 1e9;

constexpr double kEmailShare = 0.9;
constexpr double kPhoneShare = 0.6;
constexpr double kGenderShare = 0.7;
constexpr int kAgeDaysMin = 18 * 365;
constexpr uint32_t kAgeDaysSpan = 62 * 365;

// Of complaints, by severity 1 to 4; those about safety are of severity 1.
constexpr std::array<double, 4> kSeverityShares = {0.05, 0.2, 0.45, 0.3};

// The element of `list` that a uniform number falls on when each takes up its `share`.
template <typename Element>
const Element& PickByShare(absl::Span<const Element> list, Random& random) {
  double left = random.Uniform();
  for (const Element& element : list) {
    left -= element.share;
    if (left < 0) return element;
  }
  return list.back();
}

template <typename Element>
const Element& Pick(absl::Span<const Element> list, Random& random) {
  return list[random.Below(static_cast<uint32_t>(list.size()))];
}

// Makes one customer; its draws happen in the order of the steps of Live.
class Life {
 public:
  Life(const PopulationParameters& parameters, absl::CivilDay until, uint64_t seed, int64_t number)
      : parameters_(parameters),
        until_(until),
        number_(number),
        random_(seed, static_cast<uint64_t>(number)) {}

  CustomerLife Live() &&;

 private:
  void MakePerson();
  void MakeHuman(GeneratedPerson& person);
  void MakeOrders();
  void MakeOrder(double day, double spend_rate, absl::string_view preferred_channel);
  GeneratedRefund MakeRefund(const GeneratedOrder& order, double day);
  void MakeComplaint();
  absl::CivilSecond TimeOf(double day) const;
  double SomeDayAfter(double day, int delay_days_max);

  const PopulationParameters& parameters_;
  absl::CivilDay until_;
  int64_t number_;
  Random random_;
  CustomerLife life_;
  std::vector<double> order_days_;  // days since the file's first midnight
};

CustomerLife Life::Live() && {
  MakePerson();
  MakeOrders();
  MakeComplaint();
  return std::move(life_);
}

void Life::MakePerson() {
  life_.market = &PickByShare(Markets(), random_);
  const Market& market = *life_.market;
  GeneratedPerson& person = life_.person;
  person.organization = random_.Chance(parameters_.organization_share);
  person.locality = Pick(market.localities, random_);
  if (person.organization) {
    const absl::string_view name = Pick(OrganizationNames(), random_);
    person.display_name =
        absl::StrCat(name, " ", Pick(OrganizationKinds(), random_), " ", person.locality);
  } else {
    MakeHuman(person);
  }
  if (random_.Chance(kEmailShare)) {
    person.email = absl::StrCat("c", absl::Dec(number_, absl::kZeroPad7), "@example.com");
  }
  if (random_.Chance(kPhoneShare) && market.phone_digits > 0) {
    person.phone = std::string(market.phone_prefix);
    for (int i = 0; i < market.phone_digits; ++i) {
      absl::StrAppend(&person.phone, random_.Below(10));
    }
  }
}

void Life::MakeHuman(GeneratedPerson& person) {
  const Market& market = *life_.market;
  const uint32_t given = random_.Below(static_cast<uint32_t>(market.given_names.size()));
  person.given_name = market.given_names[given];
  person.family_name = Pick(market.family_names, random_);
  person.display_name = market.family_name_first
                            ? absl::StrCat(person.family_name, person.given_name)
                            : absl::StrCat(person.given_name, " ", person.family_name);
  if (random_.Chance(kGenderShare)) person.gender = given % 2 == 0 ? "female" : "male";
  const absl::CivilDay birth_date =
      until_ - kAgeDaysMin - static_cast<int>(random_.Below(kAgeDaysSpan));
  person.birth_date = absl::FormatCivilTime(birth_date);
}

void Life::MakeOrders() {
  // 1. What this customer is like.
  const double order_rate = random_.Gamma(parameters_.order_rate_shape) *
                            parameters_.order_rate_mean / parameters_.order_rate_shape /
                            kDaysPerYear;
  const double dropout_rate = random_.Gamma(parameters_.dropout_rate_shape) *
                              parameters_.dropout_rate_mean / parameters_.dropout_rate_shape /
                              kDaysPerYear;
  double spend_rate =
      random_.Gamma(parameters_.spend_customer_shape) / parameters_.spend_scale_minor;
  if (life_.person.organization) spend_rate /= parameters_.organization_spend_factor;
  const absl::string_view channel = PickByShare(SalesChannels(), random_).name;
  // 2. When it comes and when it drops out.
  const double window = parameters_.window_days;
  double day = random_.Uniform() * window;
  const double dropout_day = day + random_.Exponential() / dropout_rate;
  life_.dropped_out = dropout_day < window;
  const double end = std::min(window, dropout_day);
  // 3. The first order, and then the process.
  do {
    MakeOrder(day, spend_rate, channel);
    day += random_.Exponential() / order_rate;
  } while (day < end && life_.orders.size() < kOrdersPerCustomerMax);
}

void Life::MakeOrder(double day, double spend_rate, absl::string_view preferred_channel) {
  GeneratedOrder order;
  order.time = TimeOf(day);
  order.channel = random_.Chance(kPreferredChannelShare)
                      ? preferred_channel
                      : PickByShare(SalesChannels(), random_).name;
  const double worth =
      std::min(random_.Gamma(parameters_.spend_order_shape) / spend_rate, kWorthMinorMax);
  order.lines = FillBasket(std::llround(worth), random_);
  if (random_.Chance(parameters_.refund_share)) order.refund = MakeRefund(order, day);
  order_days_.push_back(day);
  life_.orders.push_back(std::move(order));
}

GeneratedRefund Life::MakeRefund(const GeneratedOrder& order, double day) {
  GeneratedRefund refund;
  refund.time = TimeOf(SomeDayAfter(day, parameters_.refund_delay_days_max));
  refund.reason = Pick(RefundReasons(), random_);
  if (random_.Chance(parameters_.whole_refund_share)) {
    for (size_t i = 0; i < order.lines.size(); ++i) {
      refund.lines.push_back({i, order.lines[i].quantity});
    }
  } else {
    const size_t i = random_.Below(static_cast<uint32_t>(order.lines.size()));
    const auto quantity_max = static_cast<uint32_t>(order.lines[i].quantity);
    refund.lines.push_back({i, 1 + int64_t{random_.Below(quantity_max)}});
  }
  return refund;
}

void Life::MakeComplaint() {
  if (!random_.Chance(parameters_.complaint_share)) return;
  GeneratedComplaint complaint;
  complaint.order_index = random_.Below(static_cast<uint32_t>(life_.orders.size()));
  complaint.time = TimeOf(
      SomeDayAfter(order_days_[complaint.order_index], parameters_.complaint_delay_days_max));
  complaint.channel = Pick(ComplaintChannels(), random_);
  std::vector<const ComplaintPhrase*> phrases;
  for (const ComplaintPhrase& phrase : ComplaintPhrases()) {
    if (phrase.language_code == life_.market->language_code) phrases.push_back(&phrase);
  }
  complaint.phrase = phrases[random_.Below(static_cast<uint32_t>(phrases.size()))];
  complaint.safety = complaint.phrase->type == "safety";
  double left = random_.Uniform();
  for (complaint.severity = 1; complaint.severity < 4; ++complaint.severity) {
    left -= kSeverityShares[static_cast<size_t>(complaint.severity) - 1];
    if (left < 0) break;
  }
  if (complaint.safety) complaint.severity = 1;
  life_.complaint = complaint;
}

// A moment up to `delay_days_max` days later, or sooner where the file ends.
double Life::SomeDayAfter(double day, int delay_days_max) {
  return day + random_.Uniform() * std::min<double>(delay_days_max, parameters_.window_days - day);
}

absl::CivilSecond Life::TimeOf(double day) const {
  const double whole = std::floor(std::min<double>(day, parameters_.window_days - 1e-6));
  const absl::CivilDay date = until_ - parameters_.window_days + 1 + static_cast<int>(whole);
  const auto second = static_cast<int>(std::min(day - whole, 1 - 1e-6) * kOpenSeconds);
  return absl::CivilSecond(date) + kOpeningSecond + second;
}

}  // namespace

CustomerLife LiveCustomer(const PopulationParameters& parameters, absl::CivilDay until,
                          uint64_t seed, int64_t number) {
  return Life(parameters, until, seed, number).Live();
}

}  // namespace clientele::cli
