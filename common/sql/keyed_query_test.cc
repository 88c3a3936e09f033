#include "common/sql/keyed_query.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/sql/transaction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::array<SizedStatement, 2> kSizes = {
    {{{"FindTwo", "two"}, 2}, {{"FindFive", "five"}, 5}}};

// Which size is asked for the keys from where, of `key_count` keys.
std::vector<std::pair<size_t, size_t>> AskedOf(absl::Span<const SizedStatement> sizes,
                                               size_t key_count) {
  std::vector<std::pair<size_t, size_t>> asked;
  EXPECT_EQ(QueryInSizes(sizes, key_count,
                         [&asked](const SizedStatement& size, size_t begin) {
                           asked.emplace_back(size.key_count, begin);
                           return absl::OkStatus();
                         }),
            absl::OkStatus());
  return asked;
}

TEST(QueryInSizes, TakesTheSmallestSizeThatHasRoomForWhatIsLeft) {
  EXPECT_THAT(AskedOf(kSizes, 0), IsEmpty());
  EXPECT_THAT(AskedOf(kSizes, 2), ElementsAre(Pair(2, 0)));
  EXPECT_THAT(AskedOf(kSizes, 3), ElementsAre(Pair(5, 0)));
  EXPECT_THAT(AskedOf(kSizes, 12), ElementsAre(Pair(5, 0), Pair(5, 5), Pair(2, 10)));
  EXPECT_THAT(AskedOf({&kSizes[0], 1}, 3), ElementsAre(Pair(2, 0), Pair(2, 2)));
}

TEST(QueryInSizes, EndsAtTheFirstError) {
  int asked_count = 0;
  EXPECT_EQ(QueryInSizes(kSizes, 12,
                         [&asked_count](const SizedStatement&, size_t) {
                           ++asked_count;
                           return absl::AbortedError("lost");
                         })
                .code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(asked_count, 1);
}

TEST(QueryByKeys, FindsEachKeyOnceAndPutsTheOtherParametersBehindTheKeys) {
  const std::unique_ptr<Database> database = OpenTestSqlite({});
  ASSERT_EQ(database->RunInTransaction(
                {},
                [](Tx& tx) {
                  return tx.ExecuteSchema(
                      "CREATE TABLE thing (key TEXT NOT NULL, color TEXT NOT NULL);"
                      "INSERT INTO thing VALUES ('a', 'red'), ('b', 'red'), ('c', 'blue'), "
                      "('d', 'red'), ('e', 'red');");
                }),
            absl::OkStatus());
  constexpr std::array<SizedStatement, 2> kSelect = {
      {{{"SelectOne", "SELECT key FROM thing WHERE key = $1 AND color = $2"}, 1},
       {{"SelectThree", "SELECT key FROM thing WHERE key IN ($1, $2, $3) AND color = $4"}, 3}}};
  const Param red = absl::string_view("red");
  const auto find = [&](const std::vector<std::string>& keys) {
    std::vector<std::string> found;
    EXPECT_EQ(database->RunReadOnly({},
                                    [&](Tx& tx) {
                                      return QueryByKeys(tx, kSelect, keys, {&red, 1},
                                                         [&found](const Row& row) {
                                                           found.emplace_back(row.Text(0));
                                                           return absl::OkStatus();
                                                         });
                                    }),
              absl::OkStatus());
    return found;
  };
  EXPECT_THAT(find({}), IsEmpty());
  EXPECT_THAT(find({"a", "b"}), ElementsAre("a", "b")) << "the left-over key finds nothing twice";
  EXPECT_THAT(find({"a", "b", "c", "d"}), ElementsAre("a", "b", "d"));
}

TEST(SortAndUnique, LeavesEachKeyOnceInOrder) {
  std::vector<std::string> keys = {"b", "a", "b"};
  SortAndUnique(keys);
  EXPECT_THAT(keys, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace clientele::sql
