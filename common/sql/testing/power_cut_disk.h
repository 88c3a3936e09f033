#ifndef COMMON_SQL_TESTING_POWER_CUT_DISK_H_
#define COMMON_SQL_TESTING_POWER_CUT_DISK_H_

// A disk for SQLite whose power fails: a VFS that knows what has been synced and what has only been
// written, as the page cache of a machine does. A killed process leaves all that it wrote; a power
// cut leaves what was synced and, of the rest, any sectors.
//
// Thread-safe, but for Restore.

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// Which syncs the disk says it has done and has not: defects for a test to find.
enum class ForgottenSyncs {
  kNone,
  kAll,             // what PRAGMA synchronous=OFF comes to
  kOfDatabaseFile,  // the log is synced, but what a checkpoint moved out of it is not
};

class PowerCutDisk {
 public:
  // Takes the place of SQLite's default VFS for the files that this process opens from now on,
  // until it is destroyed; one at a time. Files that are there count as synced. Close all
  // connections before it is destroyed.
  PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;
  ~PowerCutDisk();

  // Plants a defect, from now on.
  void Forget(ForgottenSyncs forgotten);

  // Lets the power fail at the `count`-th write, truncation or sync of a kept file from now on, at
  // least 1. That one fails half-done, and every later access to the disk fails.
  void CutAfter(int64_t count);
  bool is_cut() const;

  // Power is back: every file holds what was synced and of each sector that was only written, as
  // `seed` has it, the new or the old content; what was shared memory is gone. All connections must
  // be closed. Aborts on error.
  void Restore(uint32_t seed);

 private:
  friend struct PowerCutFile;

  // One that has been done but not synced.
  struct Change {
    bool truncates = false;  // to `offset`; else writes `bytes` there
    int64_t offset = 0;
    std::string bytes;
  };
  struct File {
    bool exists = true;
    bool is_database = false;
    std::string synced;
    std::vector<Change> unsynced;  // in their order
  };

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                  int* out_flags);
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder);

  File* Find(const std::string& path, int flags);
  // Counts one and says whether the power is still on behind it; mutex_ held.
  bool Survives();
  int Write(File& file, sqlite3_file* real, absl::string_view bytes, int64_t offset);
  int Truncate(File& file, sqlite3_file* real, int64_t size);
  int Sync(File& file);
  static void Apply(const Change& change, std::string& content);
  static std::string AfterCut(const File& file, uint32_t seed);

  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  ForgottenSyncs forgotten_ = ForgottenSyncs::kNone;
  std::map<std::string, File> files_;  // by path; nothing is erased while connections are open
  int64_t changes_left_ = 0;           // 0 = no cut is planned
  bool is_cut_ = false;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_POWER_CUT_DISK_H_
