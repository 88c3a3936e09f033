// Which servers and configurations the driver for PostgreSQL refuses, and what it says.

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/sql/postgres_errors.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PostgresOpen : public ::testing::Test {
 protected:
  PostgresOpen() {
    RunOnServer(absl::StrCat("CREATE ROLE ", schema_.name(), " LOGIN PASSWORD 'right'"));
    RunOnServer(absl::StrCat("GRANT USAGE ON SCHEMA ", schema_.name(), " TO ", schema_.name()));
    std::ofstream(folder_.File("right")) << "right\n";
    std::ofstream(folder_.File("wrong")) << "wrong\n";
  }
  ~PostgresOpen() override {
    RunOnServer(absl::StrCat("DROP OWNED BY ", schema_.name(), "; DROP ROLE ", schema_.name()));
  }

  void RunOnServer(const std::string& text) {
    const absl::Status status =
        database_->RunInTransaction({}, [&text](Tx& tx) { return tx.ExecuteSchema(text); });
    CLIENTELE_CHECK(status.ok());
  }

  // As the role of the test, with the password of that file.
  PostgresOptions AsRole(const std::string& password) {
    PostgresOptions options = schema_.Options();
    options.dsn += absl::StrCat(" user=", schema_.name());
    options.password_file = folder_.File(password);
    return options;
  }

  // The sentence with which it is not opened.
  static std::string Refusal(const PostgresOptions& options) {
    const auto database = OpenPostgres(options);
    EXPECT_EQ(database.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(GetErrorReason(database.status()), "DATABASE_NOT_OPENED");
    return std::string(database.status().message());
  }

  PostgresTestSchema schema_;
  std::unique_ptr<Database> database_ = schema_.Open();
  TempFolder folder_;
};

TEST_F(PostgresOpen, ReadsThePasswordFromItsFile) {
  const auto database = OpenPostgres(AsRole("right"));
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_TRUE((*database)->Ping().ok());
}

TEST_F(PostgresOpen, SaysThatThePasswordIsNotAccepted) {
  EXPECT_THAT(
      Refusal(AsRole("wrong")),
      HasSubstr(absl::StrCat("does not accept the user ", schema_.name(), " or the password")));
}

TEST_F(PostgresOpen, SaysThatAPasswordIsWantedWhoseAndWhatToSet) {
  PostgresOptions options = AsRole("right");
  options.dsn += " passfile=/dev/null";
  options.password_file.clear();
  options.password_source = "a.key";
  const std::string refusal = Refusal(options);
  EXPECT_THAT(refusal, HasSubstr(absl::StrCat("the server wants a password of the user ",
                                              schema_.name(), ": set a.key")));
  EXPECT_THAT(refusal, Not(HasSubstr("no server answers")));
}

TEST_F(PostgresOpen, SaysThatThePasswordFileCannotBeRead) {
  const PostgresOptions options = AsRole("absent");
  EXPECT_THAT(Refusal(options),
              HasSubstr(absl::StrCat("the file with its password, ", options.password_file,
                                     ", cannot be read or is empty")));
}

TEST_F(PostgresOpen, RefusesAPasswordInTheUrlAndDoesNotRepeatIt) {
  PostgresOptions options = schema_.Options();
  options.dsn = "postgresql://somebody:hunter2@127.0.0.1:1/clientele";
  const std::string refusal = Refusal(options);
  EXPECT_THAT(refusal, HasSubstr("postgresql://127.0.0.1:1/clientele"));
  EXPECT_THAT(refusal, HasSubstr("put that into a file of its own"));
  EXPECT_THAT(refusal, Not(HasSubstr("hunter2")));
  options.dsn = "postgresql://somebody:hun%ter2@127.0.0.1:1/clientele";
  EXPECT_THAT(Refusal(options), Not(HasSubstr("ter2")));
}

TEST_F(PostgresOpen, SaysThatThereIsNoSuchDatabase) {
  PostgresOptions options = schema_.Options();
  options.dsn += " dbname=no_such_database";
  EXPECT_THAT(Refusal(options), HasSubstr("has no database of that name"));
}

TEST_F(PostgresOpen, SaysThatNobodyAnswers) {
  PostgresOptions options = schema_.Options();
  options.dsn = "host=127.0.0.1 port=1 dbname=clientele user=clientele";
  EXPECT_THAT(Refusal(options), HasSubstr("no server answers there"));
}

TEST_F(PostgresOpen, RefusesASchemaThatIsNoPlainName) {
  for (const char* schema : {"", "Profile", "a-b", "1a", "a\"; DROP TABLE b; --"}) {
    PostgresOptions options = schema_.Options();
    options.schema = schema;
    EXPECT_THAT(Refusal(options), HasSubstr("its schema is not a name")) << schema;
  }
}

TEST_F(PostgresOpen, RefusesAServerThatMayForgetCommits) {
  RunOnServer(absl::StrCat("ALTER ROLE ", schema_.name(), " SET synchronous_commit = off"));
  EXPECT_THAT(Refusal(AsRole("right")), HasSubstr("synchronous_commit is off"));
}

TEST_F(PostgresOpen, RefusesAServerThatTakesNoWrites) {
  RunOnServer(
      absl::StrCat("ALTER ROLE ", schema_.name(), " SET default_transaction_read_only = on"));
  EXPECT_THAT(Refusal(AsRole("right")), HasSubstr("it takes no writes"));
}

TEST_F(PostgresOpen, MakesItsSchemaWhenAMigrationBegins) {
  const std::string schema = absl::StrCat(schema_.name(), "_new");
  PostgresOptions options = schema_.Options();
  options.schema = schema;
  const auto database = *OpenPostgres(options);
  const std::vector<Migration> migrations = {{1, "create_a", "CREATE TABLE a (x BIGINT)"}};
  EXPECT_THAT(InspectSchema(*database, migrations)->pending_versions, ::testing::ElementsAre(1));
  EXPECT_EQ(Migrate(*database, migrations), absl::OkStatus());
  EXPECT_TRUE(InspectSchema(*database, migrations)->pending_versions.empty());
  EXPECT_FALSE(InspectSchema(*database_, migrations)->pending_versions.empty())
      << "another schema of the same database";
  RunOnServer(absl::StrCat("DROP SCHEMA ", schema, " CASCADE"));
}

TEST_F(PostgresOpen, TellsWhatTheRoleMayNotDoFromOtherMistakes) {
  const auto database = *OpenPostgres(AsRole("right"));
  const auto execute = [&database](const char* text) {
    return database->RunInTransaction({}, [text](Tx& tx) { return tx.ExecuteSchema(text); });
  };
  EXPECT_TRUE(IsForbiddenToRole(execute("CREATE TABLE a (x BIGINT)")));
  EXPECT_FALSE(IsForbiddenToRole(execute("CREATE TABEL a (x BIGINT)")));
  EXPECT_FALSE(IsForbiddenToRole(absl::OkStatus()));
}

TEST(ConnectSqlState, IsFoundInWhatLibpqSays) {
  EXPECT_EQ(ConnectSqlState("connection to server at \"x\", port 1 failed: FATAL:  28P01: password "
                            "authentication failed\nLOCATION:  auth_failed, auth.c:335\n"),
            "28P01");
  EXPECT_EQ(ConnectSqlState("connection to server at \"x\" failed: Connection refused"), "");
  EXPECT_EQ(ConnectSqlState("FATAL:  no code"), "");
  EXPECT_EQ(ConnectSqlState(""), "");
}

}  // namespace
}  // namespace clientele::sql
