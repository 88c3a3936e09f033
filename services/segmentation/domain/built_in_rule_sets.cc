// The built-in rule sets, as data. A change of any rule needs a new version: published runs name
// it.

#include "services/segmentation/domain/rule_set.h"

namespace clientele::segmentation {
namespace {

namespace classic8 {

enum : SegmentIndex {
  kImportantValue,
  kImportantDevelop,
  kImportantKeep,
  kImportantWinBack,
  kGeneralValue,
  kGeneralDevelop,
  kGeneralKeep,
  kGeneralWinBack,
};

constexpr RfmMethod kMethods[] = {RfmMethod::kMeanSplit};

constexpr Segment kSegments[] = {
    {"IMPORTANT_VALUE", "Important value", "重要价值", "Give the best service and early access."},
    {"IMPORTANT_DEVELOP", "Important development", "重要发展",
     "Raise the frequency: membership, bundles, a reason to come again."},
    {"IMPORTANT_KEEP", "Important to keep", "重要保持",
     "Make contact before the silence lasts: news, a personal offer."},
    {"IMPORTANT_WIN_BACK", "Important to win back", "重要挽留",
     "Call personally and find out why they stopped."},
    {"GENERAL_VALUE", "General value", "一般价值", "Raise the basket: cross-sell, thresholds."},
    {"GENERAL_DEVELOP", "General development", "一般发展",
     "Build the habit with small, cheap incentives."},
    {"GENERAL_KEEP", "General to keep", "一般保持", "Keep in touch through low-cost channels."},
    {"GENERAL_WIN_BACK", "General to win back", "一般挽留",
     "Include in broad campaigns only; do not pursue."},
};

// 2 = better than the centre; for R that means fewer days.
constexpr SegmentRule kRules[] = {
    {.segment = kImportantValue, .r = {2, 2}, .f = {2, 2}, .m = {2, 2}},
    {.segment = kImportantDevelop, .r = {2, 2}, .f = {1, 1}, .m = {2, 2}},
    {.segment = kImportantKeep, .r = {1, 1}, .f = {2, 2}, .m = {2, 2}},
    {.segment = kImportantWinBack, .r = {1, 1}, .f = {1, 1}, .m = {2, 2}},
    {.segment = kGeneralValue, .r = {2, 2}, .f = {2, 2}, .m = {1, 1}},
    {.segment = kGeneralDevelop, .r = {2, 2}, .f = {1, 1}, .m = {1, 1}},
    {.segment = kGeneralKeep, .r = {1, 1}, .f = {2, 2}, .m = {1, 1}},
    {.segment = kGeneralWinBack, .r = {1, 1}, .f = {1, 1}, .m = {1, 1}},
};

}  // namespace classic8

namespace growth11 {

enum : SegmentIndex {
  kChampions,
  kLoyal,
  kActive,
  kNew,
  kPromising,
  kNeedsAttention,
  kPreviouslyLoyal,
  kAtRisk,
  kAlmostLost,
  kDormant,
  kProspects,
};

// Not R_RFM: its + 1 moves the edges off the quintiles (or the owner's edges) the grid is made for.
constexpr RfmMethod kMethods[] = {RfmMethod::kQuantile, RfmMethod::kFixed};

constexpr Segment kSegments[] = {
    {"CHAMPIONS", "Champions", "冠军客户", "Reward them; ask for reviews and referrals."},
    {"LOYAL", "Loyal", "忠诚客户", "Offer membership benefits and higher-value products."},
    {"ACTIVE", "Active", "活跃客户", "Recommend what fits, to build the habit."},
    {"NEW", "New", "新客户", "Welcome them and earn the second order soon."},
    {"PROMISING", "Promising", "潜力客户", "Offer a reason for the next order."},
    {"NEEDS_ATTENTION", "Needs attention", "需关注客户",
     "Reactivate with a limited offer on what they bought."},
    {"PREVIOUSLY_LOYAL", "Previously loyal", "昔日忠诚客户",
     "Contact personally; find out what went wrong."},
    {"AT_RISK", "At risk", "流失风险客户", "Send a personal win-back offer now."},
    {"ALMOST_LOST", "Almost lost", "即将流失客户", "Make one strong offer, then let go."},
    {"DORMANT", "Dormant", "沉睡客户", "Include in low-cost campaigns only."},
    {"PROSPECTS", "Prospects", "潜在客户", "Win the first order."},
};

constexpr Range kOne = {1, 1};
constexpr Range kSeveral = {2, INT32_MAX};

constexpr SegmentRule kRules[] = {
    // A buyer with a single order is never called loyal, whatever the amount.
    {.segment = kNew, .r = {5, 5}, .orders = kOne},
    {.segment = kPromising, .r = {4, 4}, .orders = kOne},
    {.segment = kNeedsAttention, .r = {3, 3}, .orders = kOne},
    {.segment = kAlmostLost, .r = {2, 2}, .orders = kOne},
    {.segment = kDormant, .r = {1, 1}, .orders = kOne},
    {.segment = kChampions, .r = {5, 5}, .fm = {4, 5}, .orders = kSeveral},
    {.segment = kActive, .r = {4, 5}, .fm = {3, 3}, .orders = kSeveral},
    {.segment = kPromising, .r = {4, 5}, .fm = {1, 2}, .orders = kSeveral},
    {.segment = kLoyal, .r = {3, 4}, .fm = {4, 5}, .orders = kSeveral},
    {.segment = kNeedsAttention, .r = {3, 3}, .fm = {1, 3}, .orders = kSeveral},
    {.segment = kPreviouslyLoyal, .r = {1, 2}, .fm = {5, 5}, .orders = kSeveral},
    {.segment = kAtRisk, .r = {2, 2}, .fm = {3, 4}, .orders = kSeveral},
    {.segment = kAtRisk, .r = {1, 1}, .fm = {4, 4}, .orders = kSeveral},
    {.segment = kAlmostLost, .r = {2, 2}, .fm = {1, 2}, .orders = kSeveral},
    {.segment = kAlmostLost, .r = {1, 1}, .fm = {3, 3}, .orders = kSeveral},
    {.segment = kDormant, .r = {1, 1}, .fm = {1, 2}, .orders = kSeveral},
};

}  // namespace growth11

namespace rrfm10 {

enum : SegmentIndex {
  kChampions,
  kPotentialLoyalist,
  kLoyalCustomers,
  kPromising,
  kNewCustomers,
  kCantLoseThem,
  kAtRisk,
  kNeedAttention,
  kAboutToSleep,
  kLost,
  kOthers,
};

// The package reads any five scores with this table, so every method that makes five is accepted.
constexpr RfmMethod kMethods[] = {RfmMethod::kRRfm, RfmMethod::kQuantile, RfmMethod::kFixed};

// The package's table is compared by name, so here the published names are the ids.
constexpr Segment kSegments[] = {
    {"Champions", "Champions", "冠军客户", "Reward them; they promote the shop."},
    {"Potential Loyalist", "Potential Loyalist", "潜在忠诚客户",
     "Offer membership and recommend further products."},
    {"Loyal Customers", "Loyal Customers", "忠诚客户", "Sell higher value; ask for reviews."},
    {"Promising", "Promising", "潜力客户", "Make the brand known; offer a trial."},
    {"New Customers", "New Customers", "新客户", "Support the start; earn the second order."},
    {"Can't Lose Them", "Can't Lose Them", "不可流失客户",
     "Win them back in person before a competitor has them."},
    {"At Risk", "At Risk", "流失风险客户", "Send personal messages and a renewal offer."},
    {"Need Attention", "Need Attention", "需关注客户", "Make a limited offer on what they bought."},
    {"About To Sleep", "About To Sleep", "即将沉睡客户",
     "Share what is popular; reconnect with a discount."},
    {"Lost", "Lost", "已流失客户", "Try one reach-out campaign, else let go."},
    {"Others", "Others", "其他客户", "No rule names them; look at the cell."},
};

constexpr SegmentRule kRules[] = {
    {.segment = kChampions, .r = {5, 5}, .f = {5, 5}, .m = {5, 5}},
    {.segment = kPotentialLoyalist, .r = {3, 5}, .f = {3, 5}, .m = {2, 5}},
    {.segment = kLoyalCustomers, .r = {2, 4}, .f = {2, 4}, .m = {2, 4}},
    {.segment = kPromising, .r = {3, 4}, .f = {1, 3}, .m = {3, 5}},
    {.segment = kNewCustomers, .r = {4, 5}, .f = {1, 3}, .m = {1, 5}},
    {.segment = kCantLoseThem, .r = {1, 2}, .f = {3, 4}, .m = {4, 5}},
    {.segment = kAtRisk, .r = {1, 2}, .f = {2, 5}, .m = {4, 5}},
    {.segment = kNeedAttention, .r = {1, 3}, .f = {3, 5}, .m = {3, 5}},
    {.segment = kAboutToSleep, .r = {2, 3}, .f = {1, 3}, .m = {1, 4}},
    {.segment = kLost, .r = {1, 1}, .f = {1, 5}, .m = {1, 5}},
    {.segment = kOthers},
};

}  // namespace rrfm10

constexpr RuleSet kRuleSets[] = {
    {.id = "classic-8",
     .version = 1,
     .methods = classic8::kMethods,
     .score_count = 2,
     .segments = classic8::kSegments,
     .rules = classic8::kRules,
     .without_order = std::nullopt,
     .out_of_window = std::nullopt},
    {.id = "growth-11",
     .version = 1,
     .methods = growth11::kMethods,
     .score_count = 5,
     .segments = growth11::kSegments,
     .rules = growth11::kRules,
     .without_order = growth11::kProspects,
     .out_of_window = growth11::kDormant},
    {.id = "r-rfm-10",
     .version = 1,
     .methods = rrfm10::kMethods,
     .score_count = 5,
     .segments = rrfm10::kSegments,
     .rules = rrfm10::kRules,
     .without_order = std::nullopt,
     .out_of_window = std::nullopt},
};

}  // namespace

absl::Span<const RuleSet> BuiltInRuleSets() { return kRuleSets; }

}  // namespace clientele::segmentation
