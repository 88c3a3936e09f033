#include "common/filter/filter.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;

// The one comparison that `text` consists of.
FilterComparison ParseOne(absl::string_view text) {
  const absl::StatusOr<Filter> filter = ParseFilter(text);
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  if (!filter.ok() || filter->comparisons.size() != 1) {
    ADD_FAILURE() << text << " is not one comparison";
    return {};
  }
  return filter->comparisons[0];
}

void ExpectRefused(absl::string_view text, int position, absl::string_view what) {
  const absl::Status status = ParseFilter(text).status();
  ASSERT_FALSE(status.ok()) << text;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value()) << text;
  EXPECT_EQ(details->reason, "INVALID_FILTER") << text;
  EXPECT_EQ(details->metadata.at("position"), absl::StrCat(position)) << text << status;
  ASSERT_EQ(details->field_violations.size(), 1u) << text;
  EXPECT_EQ(details->field_violations[0].field, "filter") << text;
  EXPECT_THAT(details->field_violations[0].description, HasSubstr(std::string(what))) << text;
}

TEST(ParseFilter, MatchesEverythingWhenEmpty) {
  EXPECT_TRUE(ParseFilter("")->comparisons.empty());
  EXPECT_TRUE(ParseFilter(" \t\r\n ")->comparisons.empty());
}

TEST(ParseFilter, ReadsEveryOperatorWithAndWithoutSpaces) {
  EXPECT_EQ(ParseOne("a = 1").op, FilterOperator::kEqual);
  EXPECT_EQ(ParseOne("a!=1").op, FilterOperator::kNotEqual);
  EXPECT_EQ(ParseOne("a<1").op, FilterOperator::kLess);
  EXPECT_EQ(ParseOne("a <= 1").op, FilterOperator::kLessEqual);
  EXPECT_EQ(ParseOne("a>1").op, FilterOperator::kGreater);
  EXPECT_EQ(ParseOne("a >=1").op, FilterOperator::kGreaterEqual);
}

TEST(ParseFilter, ReadsEveryKindOfValue) {
  for (const absl::string_view text :
       {"ACTIVE", "_x", "-12", "10.5", "-0.5", "true", "17850", "2011-12-10",
        "2011-12-10T08:26:00Z", "2011-12-10T08:26:00.5+01:00", "c-17850", "a+b.c"}) {
    const FilterComparison comparison = ParseOne(absl::StrCat("rfm.segment_2 = ", text));
    EXPECT_EQ(comparison.field, "rfm.segment_2");
    EXPECT_EQ(comparison.value, (FilterLiteral{.text = std::string(text), .quoted = false}));
  }
}

TEST(ParseFilter, ReadsQuotedTextWithEscapes) {
  EXPECT_EQ(ParseOne(R"(a = "O'Neill")").value.text, "O'Neill");
  EXPECT_EQ(ParseOne(R"(a = 'O\'Neill')").value.text, "O'Neill");
  EXPECT_EQ(ParseOne(R"(a = "say \"hi\" \\ \*")").value.text, R"(say "hi" \ *)");
  EXPECT_EQ(ParseOne(R"(a = "")").value, (FilterLiteral{.text = "", .quoted = true}));
  EXPECT_EQ(ParseOne(R"(a = "x AND y = (1) : -")").value.text, "x AND y = (1) : -");
}

TEST(ParseFilter, NormalisesQuotedTextAsStoresDo) {
  EXPECT_EQ(ParseOne("a = \"Cafe\xcc\x81\"").value.text, "Caf\xc3\xa9");
}

TEST(ParseFilter, JoinsComparisonsWithAndAndCountsCharacters) {
  const Filter filter = ParseFilter("name = \"\xc3\xa9\xc3\xa9\" AND  n >= 5").value();
  ASSERT_EQ(filter.comparisons.size(), 2u);
  EXPECT_EQ(filter.comparisons[0].field_position, 1);
  EXPECT_EQ(filter.comparisons[0].value_position, 8);
  EXPECT_EQ(filter.comparisons[1].field_position, 18);
  EXPECT_EQ(filter.comparisons[1].value_position, 23);
}

TEST(ParseFilter, RefusesTheRestOfAip160WhereItStands) {
  ExpectRefused("a = 1 OR b = 2", 7, "OR is not supported");
  ExpectRefused("NOT a = 1", 1, "NOT is not supported");
  ExpectRefused("a = 1 AND NOT b = 2", 11, "NOT is not supported");
  ExpectRefused("-a = 1", 1, "negation is not supported");
  ExpectRefused("a = -b", 5, "negation is not supported");
  ExpectRefused("! a = 1", 1, "negation is not supported");
  ExpectRefused("(a = 1)", 1, "parentheses and functions are not supported");
  ExpectRefused("a = 1 AND (b = 2)", 11, "parentheses and functions are not supported");
  ExpectRefused("now() = 1", 4, "parentheses and functions are not supported");
  ExpectRefused("a = now()", 8, "parentheses and functions are not supported");
  ExpectRefused("a : 1", 3, "the operator : is not supported");
  ExpectRefused("a:*", 2, "the operator : is not supported");
  ExpectRefused("a = b:c", 6, "the operator : is not supported");
  ExpectRefused("a = *", 5, "wildcards are not supported");
  ExpectRefused("a = foo*", 8, "wildcards are not supported");
  ExpectRefused("a = \"foo*\"", 9, "wildcards are not supported");
}

TEST(ParseFilter, PointsAtBrokenGrammar) {
  ExpectRefused("a", 2, "expected one of = != < <= > >=");
  ExpectRefused("a =", 4, "expected a value");
  ExpectRefused("a = = 1", 5, "expected a value");
  ExpectRefused("a == 1", 4, "expected a value");
  ExpectRefused("= 1", 1, "expected the name of a field");
  ExpectRefused("\"a\" = 1", 1, "expected the name of a field");
  ExpectRefused("1a = 1", 1, "expected the name of a field");
  ExpectRefused("A = 1", 1, "expected the name of a field");
  ExpectRefused("a. = 1", 1, "expected the name of a field");
  ExpectRefused("a..b = 1", 1, "expected the name of a field");
  ExpectRefused("a-b = 1", 1, "expected the name of a field");
  ExpectRefused("AND = 1", 1, "expected the name of a field");
  ExpectRefused("a = AND", 5, "expected a value");
  ExpectRefused("a = 1 b = 2", 7, "expected AND");
  ExpectRefused("a = 1 and b = 2", 7, "expected AND");
  ExpectRefused("a = 1, b = 2", 6, "unexpected character");
  ExpectRefused("a = 1 AND", 10, "expected the name of a field");
  ExpectRefused("a = 1 AND AND b = 1", 11, "expected the name of a field");
  ExpectRefused("a = \"open", 5, "the quoted text does not end");
  ExpectRefused("a = \"open\\", 11, "are escapes");
  ExpectRefused("a = \"\\n\"", 7, "are escapes");
  ExpectRefused("a = 'x\ny'", 5, "control characters");
  ExpectRefused("a = caf\xc3\xa9", 8, "unexpected character");
  ExpectRefused("a = \"\xc3\xa9\" ; b", 9, "unexpected character");
  ExpectRefused("a = \xff", 1, "must be UTF-8");
  ExpectRefused(absl::string_view("a = 1\0", 6), 6, "unexpected character");
  ExpectRefused(absl::string_view("a = \"\0\"", 7), 5, "control characters");
}

TEST(ParseFilter, NeverRepeatsAValueInItsMessage) {
  const absl::Status status = ParseFilter("email = ada@example.com").status();
  EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("ada")));
}

TEST(ParseFilter, HoldsItsLimits) {
  const std::string longest =
      absl::StrCat("a = \"", std::string(kFilterCharactersMax - 6, 'x'), "\"");
  EXPECT_TRUE(ParseFilter(longest).ok());
  ExpectRefused(longest + " ", kFilterCharactersMax + 1, "at most 2000 characters");
  ExpectRefused(std::string(1'000'000, '('), kFilterCharactersMax + 1, "at most 2000 characters");

  const std::vector<std::string> terms(kFilterTermsMax, "a = 1");
  const std::string most = absl::StrJoin(terms, " AND ");
  EXPECT_EQ(ParseFilter(most)->comparisons.size(), kFilterTermsMax);
  ExpectRefused(most + " AND b = 1", static_cast<int>(most.size()) + 6, "at most 20 terms");
}

void ExpectParsesBack(const Filter& filter) {
  const std::string text = FormatFilter(filter);
  const absl::StatusOr<Filter> again = ParseFilter(text);
  ASSERT_TRUE(again.ok()) << text << ": " << again.status();
  ASSERT_EQ(again->comparisons.size(), filter.comparisons.size()) << text;
  for (size_t i = 0; i < filter.comparisons.size(); ++i) {
    EXPECT_EQ(again->comparisons[i].field, filter.comparisons[i].field) << text;
    EXPECT_EQ(again->comparisons[i].op, filter.comparisons[i].op) << text;
    EXPECT_EQ(again->comparisons[i].value, filter.comparisons[i].value) << text;
  }
}

TEST(FormatFilter, WritesOneSpelling) {
  EXPECT_EQ(FormatFilter(ParseFilter("a='x\"*' AND  b>=5").value_or(Filter())), "");
  EXPECT_EQ(FormatFilter(ParseFilter("a='x\"\\*' AND  b>=5").value()),
            "a = \"x\\\"\\*\" AND b >= 5");
  EXPECT_EQ(FormatFilter(Filter()), "");
}

TEST(ParseFilter, SurvivesRandomTokensAndWhatItAcceptsParsesBack) {
  const std::vector<std::string> pieces = {"a",
                                           "rfm.segment",
                                           " ",
                                           " AND ",
                                           "AND",
                                           " OR ",
                                           "NOT",
                                           "=",
                                           "!=",
                                           "<",
                                           "<=",
                                           ">",
                                           ">=",
                                           "\"",
                                           "'",
                                           "\\",
                                           "*",
                                           "\\*",
                                           "(",
                                           ")",
                                           ":",
                                           "-",
                                           "-5",
                                           "10.5",
                                           "tr",
                                           "\xc3\xa9",
                                           "\xff",
                                           "\n",
                                           "e\xcc\x81",
                                           "a = 1",
                                           "b != \"x y\"",
                                           "c > 2011-12-10T08:26:00Z"};
  std::mt19937 random(20260728);
  int accepted = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (size_t count = random() % 9; count > 0; --count) {
      text += pieces[random() % pieces.size()];
    }
    const absl::StatusOr<Filter> filter = ParseFilter(text);
    if (filter.ok()) {
      ++accepted;
      ExpectParsesBack(*filter);
    } else {
      ASSERT_EQ(GetErrorReason(filter.status()), "INVALID_FILTER");
    }
  }
  EXPECT_GT(accepted, 1'000);
}

TEST(ParseFilter, SurvivesRandomBytes) {
  std::mt19937 random(20260728);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) {
      c = static_cast<char>(random());
    }
    const absl::StatusOr<Filter> filter = ParseFilter(text);
    ASSERT_TRUE(filter.ok() || GetErrorReason(filter.status()) == "INVALID_FILTER");
  }
}

}  // namespace
}  // namespace clientele
