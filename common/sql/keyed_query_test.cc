#include "common/sql/keyed_query.h"

#include <array>
#include <memory>
#include <utility>

#include "common/sql/testing/test_sqlite.h"
#include "common/sql/transaction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// By one key or by three.
constexpr std::array<SizedStatement, 2> kSelect = {
    {{{"SelectOne", "SELECT key FROM thing WHERE key = $1"}, 1},
     {{"SelectThree", "SELECT key FROM thing WHERE key IN ($1, $2, $3)"}, 3}}};

class KeyedQueryTest : public testing::Test {
 protected:
  KeyedQueryTest() {
    EXPECT_EQ(database_->RunInTransaction(
                  {},
                  [](Tx& tx) {
                    return tx.ExecuteSchema(
                        "CREATE TABLE thing (key TEXT NOT NULL);"
                        "INSERT INTO thing VALUES ('a'), ('b'), ('c'), ('d'), ('e');");
                  }),
              absl::OkStatus());
  }

  absl::Status Find(const std::vector<std::string>& keys, RowCallback on_row) {
    return database_->RunReadOnly({},
                                  [&](Tx& tx) { return QueryByKeys(tx, kSelect, keys, on_row); });
  }

  std::vector<std::string> Found(const std::vector<std::string>& keys) {
    std::vector<std::string> found;
    EXPECT_EQ(Find(keys,
                   [&found](const Row& row) {
                     found.emplace_back(row.Text(0));
                     return absl::OkStatus();
                   }),
              absl::OkStatus());
    return found;
  }

  // With which size, and from which key on, `key_count` keys are asked for.
  std::vector<std::pair<size_t, size_t>> Asked(size_t key_count) {
    std::vector<std::pair<size_t, size_t>> asked;
    EXPECT_EQ(database_->RunReadOnly({},
                                     [&](Tx& tx) {
                                       return QueryInSizes(
                                           tx, kSelect, key_count,
                                           [&asked](const SizedStatement& size, size_t begin) {
                                             asked.emplace_back(size.key_count, begin);
                                             return std::vector<Param>(size.key_count, kNull);
                                           },
                                           [](const Row&) { return absl::OkStatus(); });
                                     }),
              absl::OkStatus());
    return asked;
  }

 private:
  const std::unique_ptr<Database> database_ = OpenTestSqlite({});
};

TEST_F(KeyedQueryTest, TakesTheSmallestSizeThatHasRoomForWhatIsLeft) {
  EXPECT_THAT(Asked(0), IsEmpty());
  EXPECT_THAT(Asked(1), ElementsAre(Pair(1, 0)));
  EXPECT_THAT(Asked(2), ElementsAre(Pair(3, 0)));
  EXPECT_THAT(Asked(7), ElementsAre(Pair(3, 0), Pair(3, 3), Pair(1, 6)));
}

TEST_F(KeyedQueryTest, FindsEachKeyOnce) {
  EXPECT_THAT(Found({}), IsEmpty());
  EXPECT_THAT(Found({"a", "b"}), ElementsAre("a", "b")) << "the left-over key finds nothing twice";
  EXPECT_THAT(Found({"a", "b", "x", "d"}), ElementsAre("a", "b", "d"));
}

TEST_F(KeyedQueryTest, EndsAtTheFirstError) {
  int row_count = 0;
  EXPECT_EQ(Find({"a", "b", "c", "d"},
                 [&row_count](const Row&) {
                   ++row_count;
                   return absl::AbortedError("lost");
                 })
                .code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(row_count, 1);
}

TEST(SortAndUnique, LeavesEachKeyOnceInOrder) {
  std::vector<std::string> keys = {"b", "a", "b"};
  SortAndUnique(keys);
  EXPECT_THAT(keys, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace clientele::sql
