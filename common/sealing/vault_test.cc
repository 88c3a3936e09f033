#include "common/sealing/vault.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sealing/migrations.h"
#include "common/sealing/testing/test_key_ring.h"
#include "common/sealing/upkeep.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/sql/transaction.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sealing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr Place kPlace = {.customer_id = "c-1", .column = "note.text", .row = "1"};
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// A table such as an earlier release left it, and has grown since.
constexpr char kCreateNote[] =
    "CREATE TABLE note (customer_id TEXT NOT NULL, number TEXT NOT NULL, text TEXT NOT NULL, "
    "text_sealed BYTEA, PRIMARY KEY (customer_id, number))";
constexpr sql::Statement kInsertNote = {
    "InsertNote", "INSERT INTO note (customer_id, number, text) VALUES ($1, $2, $3)"};
constexpr sql::Statement kSelectNotes = {
    "SelectNotes", "SELECT customer_id, number, text, text_sealed FROM note ORDER BY number"};
constexpr TextColumn kNoteColumns[] = {
    {"note.text",
     {"SelectCustomers", "SELECT DISTINCT customer_id FROM note WHERE text <> '' LIMIT $1"},
     {"SelectTexts",
      "SELECT text, number FROM note WHERE customer_id = $1 AND text <> '' LIMIT $2"},
     {"Seal",
      "UPDATE note SET text = '', text_sealed = $1 WHERE customer_id = $2 AND number = $3 AND "
      "text = $4"}}};
constexpr sql::Statement kDeleteKey = {"DeleteKey", "DELETE FROM customer_key"};
constexpr sql::Statement kNameKekOfAll = {"NameKekOfAll", "UPDATE customer_key SET kek_id = $1"};
constexpr sql::Statement kDamageKey = {
    "DamageKey",
    "UPDATE customer_key SET wrapped_key = "
    "(SELECT wrapped_probe FROM key_encryption_key WHERE kek_id = 'k-test') "
    "WHERE customer_id = $1"};
constexpr sql::Statement kSelectKekIds = {"SelectKekIds",
                                          "SELECT DISTINCT kek_id FROM customer_key"};
constexpr sql::Statement kSelectUsedKekIds = {
    "SelectUsedKekIds", "SELECT kek_id FROM key_encryption_key ORDER BY kek_id"};

class VaultTest : public ::testing::Test {
 protected:
  VaultTest() {
    EXPECT_TRUE(
        database_->RunInTransaction({}, [](sql::Tx& tx) { return tx.ExecuteSchema(kCreateNote); })
            .ok());
  }

  template <typename Work>
  auto Write(Work work) {
    return sql::WriteIn(*database_, {}, work);
  }

  absl::Status Execute(const sql::Statement& statement, std::vector<sql::Param> params = {}) {
    return Write([&](sql::Tx& tx) { return tx.Execute(statement, params); }).status();
  }

  std::vector<std::string> Texts(const sql::Statement& statement) {
    std::vector<std::string> texts;
    EXPECT_TRUE(database_
                    ->RunReadOnly({},
                                  [&](sql::Tx& tx) {
                                    return tx.Query(statement, {}, [&](const sql::Row& row) {
                                      texts.emplace_back(row.Text(0));
                                      return absl::OkStatus();
                                    });
                                  })
                    .ok());
    return texts;
  }

  std::string Seal(const Vault& vault, const std::string& text) {
    return Write([&](sql::Tx& tx) -> absl::StatusOr<std::string> {
             CLIENTELE_ASSIGN_OR_RETURN(const CustomerKeys keys,
                                        vault.LoadOrMake(tx, {"c-1", "c-2"}, kNow));
             return keys.Seal(kPlace, text);
           })
        .value();
  }

  absl::StatusOr<OpenedText> Open(const Vault& vault, const std::string& sealed) {
    return sql::ReadIn(*database_, {}, [&](sql::Tx& tx) -> absl::StatusOr<OpenedText> {
      CLIENTELE_ASSIGN_OR_RETURN(const CustomerKeys keys, vault.Load(tx, {"c-1"}));
      return keys.Open(kPlace, sealed);
    });
  }

  absl::Status Check(const Vault& vault) {
    return database_->RunInTransaction(
        {}, [&](sql::Tx& tx) { return vault.CheckKeyEncryptionKeys(tx, kNow); });
  }

  // Everything that is to be done, in parts.
  static absl::Status RunAll(Upkeep& upkeep) {
    absl::StatusOr<bool> has_more = true;
    while (has_more.value_or(false)) {
      has_more = upkeep.RunPart();
    }
    return has_more.status();
  }
  absl::Status RunAll(const Vault& vault) {
    Upkeep upkeep = MakeUpkeep(vault);
    return RunAll(upkeep);
  }

  Upkeep MakeUpkeep(const Vault& vault) {
    return Upkeep(
        *database_, vault, kNoteColumns,
        [this](sql::Tx&, const std::vector<std::string>& ids) {
          locked_ = ids;
          return absl::OkStatus();
        },
        clock_);
  }

  const FakeClock clock_{kNow};
  const KeyRing ring_ = TestKeyRing();
  const Vault vault_{"profile", ring_};
  const std::unique_ptr<sql::Database> database_ = sql::OpenTestSqlite(Migrations());
  std::vector<std::string> locked_;
};

TEST_F(VaultTest, GivesTheSameKeyAgain) {
  const std::string sealed = Seal(vault_, "Zoë");
  EXPECT_EQ(Open(vault_, sealed)->text, "Zoë");
  Seal(vault_, "again");
  EXPECT_EQ(Open(vault_, sealed)->text, "Zoë");
}

TEST_F(VaultTest, ReadsNothingAnyMoreOnceTheKeyIsDeleted) {
  const std::string sealed = Seal(vault_, "Zoë");
  ASSERT_TRUE(Execute(kDeleteKey).ok());
  EXPECT_TRUE(Open(vault_, sealed)->erased);
  // Not even when the customer gets another key.
  Seal(vault_, "later");
  EXPECT_TRUE(Open(vault_, sealed)->erased);
}

TEST_F(VaultTest, KeepsServicesApart) {
  Seal(vault_, "Zoë");
  const absl::Status other = Open(Vault("complaints", ring_), "").status();
  EXPECT_EQ(GetErrorReason(other), "KEY_UNAVAILABLE");
}

TEST_F(VaultTest, MakesNoSecondKey) {
  Seal(vault_, "Zoë");
  const auto made = Write([&](sql::Tx& tx) -> absl::StatusOr<bool> {
    CLIENTELE_ASSIGN_OR_RETURN(const CustomerKeys keys, vault_.Make(tx, {"c-1"}, kNow));
    return keys.Has("c-1");
  });
  EXPECT_EQ(GetErrorReason(made.status()), "TRANSACTION_CONFLICT");
}

TEST_F(VaultTest, SaysThatTheKeyEncryptionKeyIsMissing) {
  const std::string sealed = Seal(vault_, "Zoë");
  const KeyRing other = TestKeyRing(TestKeyLine("k-other", 'o'));
  const absl::Status status = Open(Vault("profile", other), sealed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorReason(status), "KEY_UNAVAILABLE");
}

TEST_F(VaultTest, RefusesToBeginWithoutTheKeysThatTheDatabaseHasUsed) {
  EXPECT_TRUE(Check(vault_).ok());
  EXPECT_TRUE(Check(vault_).ok());
  const KeyRing missing = TestKeyRing(TestKeyLine("k-other", 'k'));
  const absl::Status refused = Check(Vault("profile", missing));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.message(), HasSubstr("k-test"));
  EXPECT_THAT(refused.message(), HasSubstr("encryption.kek_file"));
  const KeyRing another = TestKeyRing(TestKeyLine("k-test", 'x'));
  EXPECT_FALSE(Check(Vault("profile", another)).ok());
  // The refusals have remembered nothing.
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-test"));
}

TEST_F(VaultTest, WritesNothingOnceTheKeyEncryptionKeyIsRemembered) {
  const auto check = [this](sql::Tx& tx) { return vault_.CheckKeyEncryptionKeys(tx, kNow); };
  EXPECT_FALSE(database_->RunReadOnly({}, check).ok());
  EXPECT_TRUE(database_->RunInTransaction({}, check).ok());
  EXPECT_TRUE(database_->RunReadOnly({}, check).ok());
}

TEST_F(VaultTest, WrapsEveryKeyAnewOnceThereIsAnotherKeyEncryptionKey) {
  ASSERT_TRUE(Check(vault_).ok());
  const std::string sealed = Seal(vault_, "Zoë");
  const KeyRing both = TestKeyRing(TestKeyLine("k-new", 'n') + TestKeyLine("k-test", 'k'));
  const Vault rotated("profile", both);
  ASSERT_TRUE(Check(rotated).ok());
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new", "k-test"));
  ASSERT_TRUE(RunAll(rotated).ok());
  EXPECT_THAT(Texts(kSelectKekIds), ElementsAre("k-new"));
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new"));
  const KeyRing only_new = TestKeyRing(TestKeyLine("k-new", 'n'));
  EXPECT_TRUE(Check(Vault("profile", only_new)).ok());
  EXPECT_EQ(Open(Vault("profile", only_new), sealed)->text, "Zoë");
}

// A server that has not been restarted yet goes on wrapping with the key before.
TEST_F(VaultTest, RemembersAForgottenKeyEncryptionKeyThatWrapsAgain) {
  const KeyRing old_first = TestKeyRing(TestKeyLine("k-test", 'k') + TestKeyLine("k-new", 'n'));
  const KeyRing new_first = TestKeyRing(TestKeyLine("k-new", 'n') + TestKeyLine("k-test", 'k'));
  const Vault rotated("profile", new_first);
  ASSERT_TRUE(Check(vault_).ok());
  ASSERT_TRUE(Check(rotated).ok());
  ASSERT_TRUE(RunAll(rotated).ok());
  ASSERT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new"));
  Seal(Vault("profile", old_first), "Zoë");
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new", "k-test"));
  // Until that server is restarted too.
  ASSERT_TRUE(RunAll(rotated).ok());
  EXPECT_THAT(Texts(kSelectKekIds), ElementsAre("k-new"));
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new"));
}

TEST_F(VaultTest, LooksAtNoCustomersKeyWhileNoOtherKeyEncryptionKeyIsUsed) {
  ASSERT_TRUE(Check(vault_).ok());
  Seal(vault_, "Zoë");
  ASSERT_TRUE(Execute(kNameKekOfAll, {"k-unseen"}).ok());
  EXPECT_TRUE(RunAll(vault_).ok());
}

TEST_F(VaultTest, WrapsTheKeysBehindOneThatDoesNotUnwrapAndForgetsNothing) {
  Seal(vault_, "Zoë");
  ASSERT_TRUE(Execute(kDamageKey, {"c-1"}).ok());
  const KeyRing both = TestKeyRing(TestKeyLine("k-new", 'n') + TestKeyLine("k-test", 'k'));
  const Vault rotated("profile", both);
  ASSERT_TRUE(Check(rotated).ok());
  Upkeep upkeep = MakeUpkeep(rotated);
  const absl::Status first = RunAll(upkeep);
  EXPECT_EQ(first.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(first.message(), HasSubstr("1 customers' keys"));
  EXPECT_THAT(Texts(kSelectKekIds), UnorderedElementsAre("k-new", "k-test"));
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new", "k-test"));
  // It is told again until there is none any more.
  EXPECT_EQ(RunAll(upkeep), first);
  ASSERT_TRUE(Execute(kDeleteKey).ok());
  EXPECT_TRUE(RunAll(upkeep).ok());
  EXPECT_THAT(Texts(kSelectUsedKekIds), ElementsAre("k-new"));
}

TEST_F(VaultTest, SealsWhatAnEarlierReleaseLeftInTheClear) {
  ASSERT_TRUE(Execute(kInsertNote, {"c-1", "1", "Zoë"}).ok());
  ASSERT_TRUE(Execute(kInsertNote, {"c-1", "2", ""}).ok());
  ASSERT_TRUE(Execute(kInsertNote, {"c-2", "3", "Ada"}).ok());
  Upkeep upkeep = MakeUpkeep(vault_);
  ASSERT_TRUE(RunAll(upkeep).ok());
  EXPECT_THAT(locked_, ElementsAre("c-1", "c-2"));
  std::vector<std::string> sealed;
  ASSERT_TRUE(database_
                  ->RunReadOnly({},
                                [&](sql::Tx& tx) {
                                  return tx.Query(kSelectNotes, {}, [&](const sql::Row& row) {
                                    EXPECT_THAT(row.Text(2), IsEmpty());
                                    sealed.emplace_back(row.IsNull(3) ? "" : row.Blob(3));
                                    return absl::OkStatus();
                                  });
                                })
                  .ok());
  ASSERT_EQ(sealed.size(), 3u);
  EXPECT_EQ(Open(vault_, sealed[0])->text, "Zoë");
  EXPECT_THAT(sealed[1], IsEmpty());
  locked_.clear();
  ASSERT_TRUE(RunAll(upkeep).ok());
  EXPECT_THAT(locked_, IsEmpty());
}

// So that a server which stops in between does not wait for the whole of it.
TEST_F(VaultTest, SealsInPartsOfOneShortTransaction) {
  for (int i = 100; i < 250; ++i) {
    const std::string number = absl::StrCat(i);
    ASSERT_TRUE(Execute(kInsertNote, {"c-" + number, number, "Ada"}).ok());
  }
  Upkeep upkeep = MakeUpkeep(vault_);
  EXPECT_TRUE(upkeep.RunPart().value());
  EXPECT_THAT(locked_, SizeIs(100));
  EXPECT_TRUE(upkeep.RunPart().value());
  EXPECT_THAT(locked_, SizeIs(50));
  EXPECT_FALSE(upkeep.RunPart().value());
}

}  // namespace
}  // namespace clientele::sealing
