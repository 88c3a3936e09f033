#include "common/sql/postgres_target.h"

#include <libpq-fe.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kUnparsed = "postgresql";
constexpr size_t kNameBytesMax = 63;  // PostgreSQL cuts longer names

// When nothing comes back, the kernel gives the connection up after about 25 s; a server that is
// away for longer answers nobody.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"keepalives", "1"},       {"keepalives_idle", "10"},     {"keepalives_interval", "5"},
    {"keepalives_count", "3"}, {"tcp_user_timeout", "25000"},
};

using ConninfoOptions = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

// The keywords of `dsn` that have a value.
absl::StatusOr<std::map<std::string, std::string>> ParseDsn(const std::string& dsn) {
  char* error = nullptr;
  const ConninfoOptions options(PQconninfoParse(dsn.c_str(), &error), &PQconninfoFree);
  if (options == nullptr) {
    // libpq's sentence may quote a part of the DSN, such as a password with a character that a URI
    // would have to escape.
    PQfreemem(error);
    return DatabaseNotOpened(kUnparsed, "its URL or its keywords cannot be read");
  }
  std::map<std::string, std::string> values;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) {
      values[option->keyword] = option->val;
    }
  }
  return values;
}

std::string ValueOr(const std::map<std::string, std::string>& values, const char* keyword,
                    absl::string_view fallback) {
  const auto found = values.find(keyword);
  return found == values.end() ? std::string(fallback) : found->second;
}

}  // namespace

bool IsPostgresSchemaName(absl::string_view name) {
  const auto is_allowed = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
  };
  return !name.empty() && name.size() <= kNameBytesMax && !absl::ascii_isdigit(name[0]) &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

absl::StatusOr<PostgresTarget> PostgresTarget::Parse(const std::string& dsn,
                                                     PostgresPassword password,
                                                     const std::string& schema,
                                                     const std::string& application_name) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto values, ParseDsn(dsn));
  PostgresTarget target;
  target.dsn_ = dsn;
  target.password_ = std::move(password);
  target.schema_ = schema;
  target.application_name_ = application_name;
  target.place_ =
      absl::StrCat("postgresql://", ValueOr(values, "host", ValueOr(values, "hostaddr", "")), ":",
                   ValueOr(values, "port", "5432"), "/", ValueOr(values, "dbname", ""));
  if (values.count("password") != 0 || values.count("sslpassword") != 0) {
    return DatabaseNotOpened(target.place_,
                             "its URL holds a password; put that into a file of its own");
  }
  if (!IsPostgresSchemaName(schema)) {
    return DatabaseNotOpened(
        target.place_, "its schema is not a name of lower-case letters, digits and underscores");
  }
  return target;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> PostgresTarget::ConnectParameters()
    const {
  // Later ones win: the defaults, what the DSN says, and what it must not change.
  std::vector<std::pair<std::string, std::string>> parameters(std::begin(kDefaults),
                                                              std::end(kDefaults));
  parameters.emplace_back("fallback_application_name", application_name_);
  parameters.emplace_back("dbname", dsn_);
  parameters.emplace_back("client_encoding", "UTF8");
  if (!password_.file.empty()) {
    std::ifstream file(password_.file);
    std::string password;
    if (!std::getline(file, password)) {
      return DatabaseNotOpened(place_, absl::StrCat("the file with its password, ", password_.file,
                                                    ", cannot be read or is empty"));
    }
    parameters.emplace_back("password", absl::StripSuffix(password, "\r"));
  }
  return parameters;
}

}  // namespace clientele::sql
