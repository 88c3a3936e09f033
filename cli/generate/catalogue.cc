#include "cli/generate/catalogue.h"

namespace clientele::cli {
namespace {

using Text = absl::string_view;

constexpr Product kProducts[] = {
    {"OFF-PEN", "office", 175},          {"GRO-BISCUITS", "grocery", 290},
    {"OFF-NOTEBOOK", "office", 320},     {"GRO-TEA", "grocery", 450},
    {"HOM-CANDLE", "home", 590},         {"GRO-HONEY", "grocery", 690},
    {"GRO-COFFEE", "grocery", 790},      {"KIT-MUG", "kitchen", 950},
    {"TOY-PUZZLE", "toys", 1'290},       {"KIT-BOARD", "kitchen", 1'490},
    {"GAR-SEEDS", "garden", 1'650},      {"TOY-BLOCKS", "toys", 1'990},
    {"HOM-LAMP", "home", 2'490},         {"KIT-PAN", "kitchen", 2'990},
    {"GAR-SHEARS", "garden", 3'450},     {"KIT-KETTLE", "kitchen", 3'900},
    {"HOM-BLANKET", "home", 4'500},      {"OFF-LAMP", "office", 5'900},
    {"GAR-BENCH", "garden", 8'900},      {"KIT-GRINDER", "kitchen", 9'900},
    {"OFF-CHAIR", "office", 12'900},     {"HOM-RUG", "home", 17'900},
    {"KIT-ESPRESSO", "kitchen", 24'900}, {"OFF-DESK", "office", 34'900},
};

constexpr Text kBritishTowns[] = {"London", "Leeds", "Bristol", "Glasgow"};
constexpr Text kAmericanTowns[] = {"Chicago", "Denver", "Portland", "Austin"};
constexpr Text kChineseTowns[] = {"上海", "成都", "杭州", "深圳"};
constexpr Text kSingaporeTowns[] = {"Singapore"};

// Women's and men's names take turns, as Market::given_names has it.
constexpr Text kEnglishGivenNames[] = {"Ada",   "Ben",   "Clara",  "Daniel", "Edith",  "Frank",
                                       "Grace", "Henry", "Iris",   "Jack",   "Kate",   "Leo",
                                       "Maya",  "Noah",  "Olive",  "Peter",  "Rosa",   "Simon",
                                       "Tessa", "Ulric", "Violet", "Walter", "Yvonne", "Zach"};
constexpr Text kEnglishFamilyNames[] = {"Archer", "Baker",  "Carter", "Dawson", "Ellis",   "Fisher",
                                        "Grant",  "Harris", "Ingram", "Jarvis", "Keller",  "Lane",
                                        "Mercer", "Norris", "Osborn", "Parker", "Quigley", "Reeves",
                                        "Slater", "Turner", "Upton",  "Vaughn", "Walsh",   "Young"};
constexpr Text kChineseGivenNames[] = {"丹", "博文", "芳", "国强", "佳怡", "浩然", "静", "磊",
                                       "敏", "思远", "倩", "伟",   "婷",   "晨",   "雪", "志明"};
constexpr Text kChineseFamilyNames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",
                                        "周", "吴", "徐", "孙", "胡", "朱", "高", "林"};

// The phone numbers are those Ofcom and NANPA keep for drama.
constexpr Market kMarkets[] = {
    {"GB", "en", 0.35, kBritishTowns, kEnglishGivenNames, kEnglishFamilyNames, false, "+447700900",
     3},
    {"US", "en", 0.25, kAmericanTowns, kEnglishGivenNames, kEnglishFamilyNames, false, "+120255501",
     2},
    {"CN", "zh-Hans", 0.3, kChineseTowns, kChineseGivenNames, kChineseFamilyNames, true, "", 0},
    {"SG", "en", 0.1, kSingaporeTowns, kEnglishGivenNames, kEnglishFamilyNames, false, "", 0},
};

constexpr Text kOrganizationNames[] = {"Bluebell", "Copperfield", "Driftwood", "Eastgate",
                                       "Foxglove", "Greenhill",   "Harbour",   "Ironbridge",
                                       "Juniper",  "Kingfisher",  "Lakeside",  "Millstone"};
constexpr Text kOrganizationKinds[] = {"Cafe",   "Clinic", "Hotel", "Office Supplies",
                                       "School", "Trading"};

constexpr SalesChannel kSalesChannels[] = {
    {"web", 0.5}, {"app", 0.3}, {"store", 0.15}, {"phone", 0.05}};

constexpr Text kRefundReasons[] = {"DAMAGED", "WRONG_ITEM", "NOT_AS_DESCRIBED", "CHANGED_MIND"};

constexpr Text kComplaintChannels[] = {"web", "app", "email", "phone", "in-person", "social"};

constexpr ComplaintPhrase kComplaintPhrases[] = {
    {"en", "delivery", "The parcel came late",
     "I was promised two days, and it took nine. Nobody told me why.", "Tell me next time."},
    {"en", "delivery", "Half of the order is missing",
     "The box was sealed, but two of the things I paid for were not in it.", "Send the rest."},
    {"en", "delivery", "Left in the rain",
     "The driver put the parcel beside the door, and everything in it is wet.", "A replacement."},
    {"en", "quality", "It broke after a week",
     "I used it as the leaflet says, and the handle came "
     "off.",
     "A new one or my money back."},
    {"en", "quality", "Not the colour in the picture",
     "The picture shows a warm grey. What I got is green.", "Take it back, please."},
    {"en", "quality", "Smells of paint", "It has been airing for days and still smells.", ""},
    {"en", "service", "Three calls, three answers",
     "Each time somebody else told me something different about my order.", "One clear answer."},
    {"en", "service", "Spoken to rudely",
     "I asked about a refund and was told that I should have read the terms.", "An apology."},
    {"en", "billing", "Charged twice", "My card shows the same amount two times on one day.",
     "Pay one of them back."},
    {"en", "billing", "Voucher not taken off",
     "I typed the code in, it was accepted, and the bill does not show it.", "The difference."},
    {"en", "price", "Cheaper the next day",
     "I paid the full price, and a day later it was a fifth less.", "The difference as points."},
    {"en", "advertising", "The offer was not what it said",
     "The newsletter said three for two. At the till there was no such thing.", ""},
    {"en", "privacy", "My address on somebody else's parcel",
     "A neighbour got a parcel with my name and address in it.", "Tell me how that happened."},
    {"en", "safety", "The plug got hot",
     "After ten minutes the plug was too hot to touch. I pulled it out.", "Warn the others."},
    {"en", "other", "The points are not there",
     "I bought something two weeks ago and see no points for it.", "Add the points."},
    {"zh-Hans", "delivery", "快递太慢", "说好两天送到，等了九天，也没有人通知我。",
     "下次请提前告知"},
    {"zh-Hans", "delivery", "少发了东西", "箱子是封好的，里面却少了两件。", "补发"},
    {"zh-Hans", "quality", "用了一周就坏了", "按说明书使用，把手掉了下来。", "换新或退款"},
    {"zh-Hans", "quality", "颜色与图片不符", "图片是灰色，收到的是绿色。", "退货"},
    {"zh-Hans", "service", "每次答复都不一样", "打了三次电话，得到三种说法。", "给一个明确的答复"},
    {"zh-Hans", "billing", "重复扣款", "同一天同一金额扣了两次。", "退回一笔"},
    {"zh-Hans", "price", "第二天就降价", "我按原价买的，第二天便宜了两成。", "补差价"},
    {"zh-Hans", "safety", "插头发烫", "用了十分钟，插头烫得不能碰。", "请提醒其他顾客"},
    {"zh-Hans", "other", "积分没有到账", "两周前买的东西，没有看到积分。", "补积分"},
};

}  // namespace

absl::Span<const Product> Products() { return kProducts; }
absl::Span<const Market> Markets() { return kMarkets; }
absl::Span<const Text> OrganizationNames() { return kOrganizationNames; }
absl::Span<const Text> OrganizationKinds() { return kOrganizationKinds; }
absl::Span<const SalesChannel> SalesChannels() { return kSalesChannels; }
absl::Span<const Text> RefundReasons() { return kRefundReasons; }
absl::Span<const Text> ComplaintChannels() { return kComplaintChannels; }
absl::Span<const ComplaintPhrase> ComplaintPhrases() { return kComplaintPhrases; }

}  // namespace clientele::cli
