// That the migrations of the repository can be applied while servers of the release before run.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/sql/migration.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The last migration of a folder that need not say who can read it: most are from before migrations
// did. Loyalty's, profile's and complaints' are ones that older servers cannot read: they would
// take entries without their lots, and sealed texts for empty ones. None had been released.
struct LastSilent {
  absl::string_view folder;
  int64_t version;
};
constexpr LastSilent kLastSilent[] = {
    {"common/feed", 6},         {"common/idempotency", 101}, {"services/complaints", 1008},
    {"services/loyalty", 1006}, {"services/profile", 1005},  {"services/segmentation", 1005}};

struct MigrationFile {
  int64_t version = 0;
  std::string text;
};

// By folder, such as "common/feed", by ascending version.
using MigrationFolders = std::map<std::string, std::vector<MigrationFile>>;

bool IsMigration(const fs::path& path) {
  return path.parent_path().filename() == "migrations" && path.extension() == ".sql" &&
         !absl::EndsWith(path.filename().string(), ".citus.sql");
}

MigrationFolders ReadFolders(const fs::path& repository) {
  MigrationFolders folders;
  for (const char* root : {"common", "services"}) {
    for (const auto& entry : fs::recursive_directory_iterator(repository / root)) {
      if (!IsMigration(entry.path())) {
        continue;
      }
      MigrationFile read;
      EXPECT_TRUE(absl::SimpleAtoi(entry.path().filename().string().substr(0, 4), &read.version));
      std::ifstream file(entry.path());
      read.text = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      const fs::path folder = entry.path().parent_path().parent_path();
      folders[folder.lexically_relative(repository).string()].push_back(read);
    }
  }
  for (auto& [folder, files] : folders) {
    std::sort(files.begin(), files.end(),
              [](const auto& a, const auto& b) { return a.version < b.version; });
  }
  return folders;
}

// Whether it need not say who can read it: nobody has served a service before its first one.
bool IsExempt(absl::string_view folder, int64_t version) {
  return version == 1001 ||
         std::any_of(std::begin(kLastSilent), std::end(kLastSilent), [&](const LastSilent& last) {
           return last.folder == folder && version <= last.version;
         });
}

std::set<int64_t> VersionsOfCommon(const MigrationFolders& folders) {
  std::set<int64_t> versions;
  for (const auto& [folder, files] : folders) {
    if (!absl::StartsWith(folder, "common/")) {
      continue;
    }
    for (const MigrationFile& file : files) {
      versions.insert(file.version);
    }
  }
  return versions;
}

// The migrations that no server of a release before can read: those that do not name another one of
// common, which every server knows, or an earlier one of their folder.
std::vector<std::string> Unreadable(const MigrationFolders& folders) {
  const std::set<int64_t> common = VersionsOfCommon(folders);
  std::vector<std::string> unreadable;
  for (const auto& [folder, files] : folders) {
    std::set<int64_t> known = common;
    for (const MigrationFile& file : files) {  // in ascending order
      const int64_t from = ReadableFrom({file.version, "", file.text});
      if (!IsExempt(folder, file.version) && (known.count(from) == 0 || from == file.version)) {
        unreadable.push_back(absl::StrCat(folder, " ", file.version));
      }
      known.insert(file.version);
    }
  }
  return unreadable;
}

TEST(MigrationFiles, AreReadableByServersOfTheReleaseBefore) {
  const MigrationFolders folders = ReadFolders(CLIENTELE_SOURCE_DIR);
  EXPECT_GE(folders.size(), std::size(kLastSilent));
  EXPECT_THAT(Unreadable(folders), IsEmpty());
}

TEST(MigrationFiles, FindsThoseThatAreNot) {
  EXPECT_THAT(Unreadable({{"common/feed", {{6, ""}, {7, "CREATE TABLE a (x BIGINT);\n"}}},
                          {"common/limits", {{201, "-- readable from: 0006\n"}, {202, ""}}},
                          {"services/engagement", {{1001, ""}, {1002, "-- readable from: 1001\n"}}},
                          {"services/profile", {{1006, "-- readable from: 1006\n"}}}}),
              ElementsAre("common/feed 7", "common/limits 202", "services/profile 1006"));
}

}  // namespace
}  // namespace clientele::sql
