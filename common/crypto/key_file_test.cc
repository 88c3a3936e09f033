#include "common/crypto/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = testing::TempDir() + "key_file_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/page-token.key";
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }

  void Write(absl::string_view bytes, mode_t mode) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), bytes.size());
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }
  size_t FilesInFolder() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) {
      ++count;
    }
    return count;
  }

  std::string folder_;
  std::string path_;
};

TEST_F(KeyFile, IsMadeAtFirstStartAndReadEverAfter) {
  const SecretKey made = LoadOrCreateKeyFile(path_).value();
  EXPECT_EQ(LoadOrCreateKeyFile(path_)->bytes(), made.bytes());
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(KeyFile, IsPrivateToItsOwner) {
  ASSERT_TRUE(LoadOrCreateKeyFile(path_).ok());
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(status.st_size, 32);
}

TEST_F(KeyFile, DiffersBetweenServers) {
  const SecretKey one = LoadOrCreateKeyFile(path_).value();
  EXPECT_NE(LoadOrCreateKeyFile(folder_ + "/other.key")->bytes(), one.bytes());
}

TEST_F(KeyFile, IsReadWhenConfiguredReadOnly) {
  Write(std::string(32, 'k'), 0400);
  EXPECT_EQ(LoadOrCreateKeyFile(path_)->bytes(), std::string(32, 'k'));
}

TEST_F(KeyFile, IsRefusedWhenOthersMayTouchIt) {
  for (const mode_t mode : {0640, 0604, 0644, 0620, 0602, 0666}) {
    Write(std::string(32, 'k'), mode);
    const absl::Status status = LoadOrCreateKeyFile(path_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(status.message(), HasSubstr("may be read or written by others"));
    EXPECT_THAT(status.message(), HasSubstr("chmod 600 " + path_));
  }
}

// As kubelet mounts a Secret for a pod that has an fsGroup.
TEST_F(KeyFile, MayBeReadByTheGroupThatRootGaveItTo) {
  constexpr gid_t kPod = 10001;
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root gives files away";
  }
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  for (const auto& [mode, is_fine] :
       {std::pair<mode_t, bool>{0440, true}, {0640, true}, {0660, false}, {0444, false}}) {
    Write(std::string(32, 'k'), mode);
    ASSERT_EQ(chown(path_.c_str(), 0, kPod), 0);
    EXPECT_EXIT(
        {
          const bool is_pod = setgid(kPod) == 0 && setuid(kPod) == 0;
          _exit(!is_pod ? 2 : LoadOrCreateKeyFile(path_).ok() ? 0 : 1);
        },
        testing::ExitedWithCode(is_fine ? 0 : 1), "")
        << std::oct << mode;
  }
}

TEST_F(KeyFile, IsRefusedWithTheWrongSizeAndNeverReplaced) {
  for (const size_t size : {0, 31, 33}) {
    Write(std::string(size, 'k'), 0600);
    const absl::Status status = LoadOrCreateKeyFile(path_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(status.message(), HasSubstr(path_));
    EXPECT_EQ(std::filesystem::file_size(path_), size);
  }
}

TEST_F(KeyFile, IsRefusedWhenItIsNotAPlainFile) {
  EXPECT_EQ(LoadOrCreateKeyFile(folder_).status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(LoadOrCreateKeyFile(path_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(KeyFile, IsNotMadeWhenItMustBeThere) {
  const absl::Status status = LoadKeyFile(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("there is no key file " + path_ + "; restore it"));
  EXPECT_EQ(FilesInFolder(), 0u);
  Write(std::string(32, 'k'), 0600);
  EXPECT_EQ(LoadKeyFile(path_)->bytes(), std::string(32, 'k'));
}

TEST_F(KeyFile, SaysWhereItCouldNotBeMade) {
  const absl::Status status = LoadOrCreateKeyFile(folder_ + "/missing/page-token.key").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("cannot create the key file " + folder_));
}

TEST_F(KeyFile, LeavesNothingBehindInAFolderItCannotWriteTo) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may write everywhere";
  }
  ASSERT_EQ(chmod(folder_.c_str(), 0500), 0);
  const absl::Status status = LoadOrCreateKeyFile(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(FilesInFolder(), 0u);
  ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
}

TEST_F(KeyFile, IsOneKeyForAllWhoStartAtOnce) {
  constexpr size_t kStarters = 8;
  std::vector<std::string> keys(kStarters);
  std::vector<std::thread> starters;
  starters.reserve(kStarters);
  for (std::string& key : keys) {
    starters.emplace_back(
        [this, &key] { key = std::string(LoadOrCreateKeyFile(path_).value().bytes()); });
  }
  for (std::thread& starter : starters) {
    starter.join();
  }
  EXPECT_THAT(keys, testing::Each(keys[0]));
  EXPECT_EQ(FilesInFolder(), 1u);
}

}  // namespace
}  // namespace clientele
