// proto/permissions.json is what the methods' policies make of it, and what servers take in
// auth.roles. After a wanted change run this with CLIENTELE_UPDATE_GOLDEN=1, which writes the file,
// build and run scripts/chart_files.py, which make the rest of it, and review the difference.

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/known_permissions.h"
#include "gtest/gtest.h"
#include "tests/contract/suite.h"

namespace clientele::contract {
namespace {

// Needed for part of what other methods answer (services/profile/api/converters/masking.cc).
constexpr char kOfAnswers[] = "profile.sensitive.read";

// The methods that need each permission, as "package.Service/Method".
std::map<std::string, std::set<std::string>> MethodsByPermission() {
  std::map<std::string, std::set<std::string>> methods = {{kOfAnswers, {}}};
  for (const Server& server : Servers()) {
    for (const rpc::Method& method : MethodsOf(server)) {
      methods[method.policy.permission()].insert(method.path.substr(1));
    }
  }
  return methods;
}

std::string Quoted(const std::string& text) { return absl::StrCat("\"", text, "\""); }

// An object of lists, a line each.
std::string JsonOf(const std::map<std::string, std::set<std::string>>& methods) {
  const auto append_quoted = [](std::string* out, const std::string& text) {
    absl::StrAppend(out, Quoted(text));
  };
  std::vector<std::string> lines;
  lines.reserve(methods.size());
  for (const auto& [permission, those] : methods) {
    lines.push_back(absl::StrCat("  ", Quoted(permission), ": [",
                                 absl::StrJoin(those, ", ", append_quoted), "]"));
  }
  return absl::StrCat("{\n", absl::StrJoin(lines, ",\n"), "\n}\n");
}

TEST(PermissionsTest, PublishedPermissionsAreThoseOfTheMethods) {
  const std::string path = absl::StrCat(CLIENTELE_PROTO_FOLDER, "/permissions.json");
  const std::string permissions = JsonOf(MethodsByPermission());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads
  if (std::getenv("CLIENTELE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << permissions;
  }
  EXPECT_EQ(ReadFile(path), permissions) << path;
}

TEST(PermissionsTest, ServersKnowThoseOfAllServices) {
  std::vector<std::string> permissions;
  for (const auto& [permission, methods] : MethodsByPermission()) {
    permissions.push_back(permission);
  }
  EXPECT_EQ(auth::KnownPermissions(), permissions);
}

}  // namespace
}  // namespace clientele::contract
