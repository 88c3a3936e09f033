// The two back ends must give the same answer: random rows and random filters are tried on both.

#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/filter/evaluate.h"
#include "common/filter/sql.h"
#include "common/time/timestamp.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using Row = std::map<std::string, std::optional<FilterValue>, std::less<>>;

constexpr int kRowCount = 200;
constexpr int kFilterCount = 3'000;

const std::vector<std::string> kWords = {"",         "a",       "A",  "ab", "B", "z z",
                                         "\xc3\xa9", "O'Neill", "10", "9",  "%", "_"};
const std::vector<std::string> kOperators = {"=", "!=", "<", "<=", ">", ">="};
const std::vector<std::string> kColumns = {"text_a", "text_n", "int_a",  "int_n",
                                           "bool_a", "time_a", "state_a"};

FieldSet Fields() {
  const std::vector<FilterOperator> all = {FilterOperator::kEqual,   FilterOperator::kNotEqual,
                                           FilterOperator::kLess,    FilterOperator::kLessEqual,
                                           FilterOperator::kGreater, FilterOperator::kGreaterEqual};
  return FieldSet({StringField("text_a", "text_a").WithOperators(all),
                   StringField("text_n", "text_n").WithOperators(all).Nullable(),
                   Int64Field("int_a", "int_a"), Int64Field("int_n", "int_n").Nullable(),
                   BoolField("bool_a", "bool_a").Nullable(),
                   TimestampField("time_a", "time_a").Nullable(),
                   EnumField("state_a", "state_a", {{"ONE", 1}, {"TWO", 2}}).Nullable()});
}

class FilterAgreement : public testing::Test {
 protected:
  FilterAgreement() {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &database), SQLITE_OK);
    database_.reset(database);
    EXPECT_EQ(sqlite3_exec(database,
                           "CREATE TABLE t (id BIGINT, text_a TEXT, text_n TEXT, int_a BIGINT, "
                           "int_n BIGINT, bool_a BIGINT, time_a BIGINT, state_a BIGINT)",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    for (int id = 0; id < kRowCount; ++id) {
      rows_.push_back(RandomRow());
      Insert(id, rows_.back());
    }
  }

  int Below(int limit) { return static_cast<int>(random_() % limit); }
  const std::string& AnyOf(const std::vector<std::string>& all) {
    return all[Below(static_cast<int>(all.size()))];
  }
  std::optional<FilterValue> OrNull(FilterValue value) {
    return Below(3) == 0 ? std::nullopt : std::optional<FilterValue>(std::move(value));
  }

  Row RandomRow() {
    return {{"text_a", AnyOf(kWords)},
            {"text_n", OrNull(AnyOf(kWords))},
            {"int_a", int64_t{Below(5) - 2}},
            {"int_n", OrNull(int64_t{Below(5) - 2})},
            {"bool_a", OrNull(Below(2) == 0)},
            {"time_a", OrNull(int64_t{Below(4)} * 1'000'000)},
            {"state_a", OrNull(int64_t{1 + Below(2)})}};
  }

  std::string RandomTerm() {
    const std::string& column = AnyOf(kColumns);
    const bool is_ordered = column != "bool_a" && column != "state_a";
    const std::string& op = kOperators[Below(is_ordered ? 6 : 2)];
    std::string value;
    if (column[0] == 't' && column[1] == 'e') {
      value = absl::StrCat("\"", AnyOf(kWords), "\"");
    } else if (column[0] == 'i') {
      value = absl::StrCat(Below(7) - 3);
    } else if (column[0] == 'b') {
      value = Below(2) == 0 ? "true" : "false";
    } else if (column[0] == 't') {
      value = FormatRfc3339(absl::FromUnixSeconds(Below(4)));
    } else {
      value = Below(2) == 0 ? "ONE" : "TWO";
    }
    return absl::StrCat(column, " ", op, " ", value);
  }

  static void Bind(sqlite3_stmt* statement, int index, const std::optional<FilterValue>& value) {
    if (!value.has_value()) {
      sqlite3_bind_null(statement, index);
    } else if (const auto* number = std::get_if<int64_t>(&*value)) {
      sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* flag = std::get_if<bool>(&*value)) {
      sqlite3_bind_int64(statement, index, *flag ? 1 : 0);
    } else {
      const auto& text = std::get<std::string>(*value);
      sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()),
                        SQLITE_TRANSIENT);
    }
  }

  void Insert(int id, const Row& row) {
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(database_.get(), "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                 -1, &statement, nullptr),
              SQLITE_OK);
    sqlite3_bind_int64(statement, 1, id);
    for (size_t i = 0; i < kColumns.size(); ++i) {
      Bind(statement, static_cast<int>(i) + 2, row.find(kColumns[i])->second);
    }
    EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
  }

  std::set<int> IdsBySql(const BoundFilter& filter) {
    constexpr int kFirstParameter = 3;
    const SqlCondition condition = CompileToSql(filter, kFirstParameter);
    const std::string sql = absl::StrCat("SELECT id FROM t WHERE ", condition.text);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql;
    for (size_t i = 0; i < condition.values.size(); ++i) {
      // By name: SQLite numbers $3 by its appearance and not by its digit.
      const std::string name = absl::StrCat("$", kFirstParameter + static_cast<int>(i));
      Bind(statement, sqlite3_bind_parameter_index(statement, name.c_str()), condition.values[i]);
    }
    std::set<int> ids;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      ids.insert(sqlite3_column_int(statement, 0));
    }
    sqlite3_finalize(statement);
    return ids;
  }

  std::set<int> IdsInMemory(const BoundFilter& filter) {
    std::set<int> ids;
    for (int id = 0; id < kRowCount; ++id) {
      const Row& row = rows_[id];
      if (Matches(filter, [&row](absl::string_view field) {
            return row.find(std::string(field))->second;
          })) {
        ids.insert(id);
      }
    }
    return ids;
  }

  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };

  std::mt19937 random_{20260728};
  std::unique_ptr<sqlite3, Close> database_;
  std::vector<Row> rows_;
};

TEST_F(FilterAgreement, SqlAndMemoryMatchTheSameRows) {
  const FieldSet fields = Fields();
  int filters_with_some_rows = 0;
  for (int i = 0; i < kFilterCount; ++i) {
    std::string text = RandomTerm();
    for (int more = Below(3); more > 0; --more) {
      absl::StrAppend(&text, " AND ", RandomTerm());
    }
    const absl::StatusOr<BoundFilter> filter = ParseAndBindFilter(text, fields);
    ASSERT_TRUE(filter.ok()) << text << ": " << filter.status();
    const std::set<int> ids = IdsBySql(*filter);
    ASSERT_EQ(ids, IdsInMemory(*filter)) << text;
    filters_with_some_rows += !ids.empty() && ids.size() < kRowCount;
  }
  EXPECT_GT(filters_with_some_rows, kFilterCount / 2);
}

TEST_F(FilterAgreement, EverythingMatchesTheEmptyFilter) {
  EXPECT_EQ(IdsBySql(BoundFilter()).size(), size_t{kRowCount});
  EXPECT_EQ(IdsInMemory(BoundFilter()).size(), size_t{kRowCount});
}

TEST_F(FilterAgreement, RowsWithoutAValueMatchInequalityOnly) {
  const FieldSet fields = Fields();
  const auto no_value = [](absl::string_view) { return std::optional<FilterValue>(); };
  for (const std::string& op : kOperators) {
    const BoundFilter filter = ParseAndBindFilter(absl::StrCat("int_n ", op, " 0"), fields).value();
    EXPECT_EQ(Matches(filter, no_value), op == "!=") << op;
  }
}

}  // namespace
}  // namespace clientele
