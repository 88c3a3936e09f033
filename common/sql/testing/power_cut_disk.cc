#include "common/sql/testing/power_cut_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <system_error>

#include "common/status/macros.h"

namespace clientele::sql {

// A file as SQLite holds it open. The real one lies right behind it, in the memory that SQLite
// gave.
struct PowerCutFile {
  sqlite3_file base;  // first: it is all that SQLite sees
  PowerCutDisk* disk;
  PowerCutDisk::File* content;  // null: a temporary file, which no power cut leaves

  static PowerCutFile& Of(sqlite3_file* file) { return *reinterpret_cast<PowerCutFile*>(file); }
  static sqlite3_file* Real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(&Of(file) + 1);
  }
  static const sqlite3_io_methods& RealMethods(sqlite3_file* file) { return *Real(file)->pMethods; }

  static int Close(sqlite3_file* file) { return RealMethods(file).xClose(Real(file)); }
  static int Read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    return Of(file).disk->is_cut() ? SQLITE_IOERR_READ
                                   : RealMethods(file).xRead(Real(file), bytes, count, offset);
  }
  static int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    PowerCutFile& own = Of(file);
    if (own.content == nullptr) {
      return RealMethods(file).xWrite(Real(file), bytes, count, offset);
    }
    return own.disk->Write(*own.content, Real(file),
                           {static_cast<const char*>(bytes), static_cast<size_t>(count)}, offset);
  }
  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    PowerCutFile& own = Of(file);
    return own.content == nullptr ? RealMethods(file).xTruncate(Real(file), size)
                                  : own.disk->Truncate(*own.content, Real(file), size);
  }
  static int Sync(sqlite3_file* file, int /*flags*/) {
    PowerCutFile& own = Of(file);
    return own.content == nullptr ? SQLITE_OK : own.disk->Sync(*own.content);
  }
  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    return RealMethods(file).xFileSize(Real(file), size);
  }
  static int Lock(sqlite3_file* file, int level) {
    return RealMethods(file).xLock(Real(file), level);
  }
  static int Unlock(sqlite3_file* file, int level) {
    return RealMethods(file).xUnlock(Real(file), level);
  }
  static int CheckReservedLock(sqlite3_file* file, int* is_reserved) {
    return RealMethods(file).xCheckReservedLock(Real(file), is_reserved);
  }
  static int FileControl(sqlite3_file* file, int operation, void* argument) {
    return RealMethods(file).xFileControl(Real(file), operation, argument);
  }
  static int SectorSize(sqlite3_file* file) { return RealMethods(file).xSectorSize(Real(file)); }
  static int DeviceCharacteristics(sqlite3_file* file) {
    return RealMethods(file).xDeviceCharacteristics(Real(file));
  }
  static int ShmMap(sqlite3_file* file, int page, int page_bytes, int extend,
                    void volatile** memory) {
    return RealMethods(file).xShmMap(Real(file), page, page_bytes, extend, memory);
  }
  static int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
    return RealMethods(file).xShmLock(Real(file), offset, count, flags);
  }
  static void ShmBarrier(sqlite3_file* file) { RealMethods(file).xShmBarrier(Real(file)); }
  static int ShmUnmap(sqlite3_file* file, int delete_too) {
    return RealMethods(file).xShmUnmap(Real(file), delete_too);
  }
};

namespace {

namespace fs = std::filesystem;

// What a disk writes whole.
constexpr int64_t kSectorBytes = 512;

// The files that a power cut leaves; all others are temporary.
constexpr int kKeptFiles = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;

// Version 2: without mapped files, whose writes nobody would see.
constexpr sqlite3_io_methods kMethods = {2,
                                         PowerCutFile::Close,
                                         PowerCutFile::Read,
                                         PowerCutFile::Write,
                                         PowerCutFile::Truncate,
                                         PowerCutFile::Sync,
                                         PowerCutFile::FileSize,
                                         PowerCutFile::Lock,
                                         PowerCutFile::Unlock,
                                         PowerCutFile::CheckReservedLock,
                                         PowerCutFile::FileControl,
                                         PowerCutFile::SectorSize,
                                         PowerCutFile::DeviceCharacteristics,
                                         PowerCutFile::ShmMap,
                                         PowerCutFile::ShmLock,
                                         PowerCutFile::ShmBarrier,
                                         PowerCutFile::ShmUnmap,
                                         nullptr,
                                         nullptr};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In place: the mode of the file stays what it was.
void WriteFile(const std::string& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  CLIENTELE_CHECK(file.good());
}

}  // namespace

PowerCutDisk::PowerCutDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.zName = "power-cut";
  vfs_.szOsFile = static_cast<int>(sizeof(PowerCutFile)) + real_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = &PowerCutDisk::Open;
  vfs_.xDelete = &PowerCutDisk::Delete;
  CLIENTELE_CHECK(sqlite3_vfs_register(&vfs_, /*makeDflt=*/1) == SQLITE_OK);
}

PowerCutDisk::~PowerCutDisk() { sqlite3_vfs_unregister(&vfs_); }

void PowerCutDisk::Forget(ForgottenSyncs forgotten) {
  const std::lock_guard<std::mutex> lock(mutex_);
  forgotten_ = forgotten;
}

void PowerCutDisk::CutAfter(int64_t count) {
  CLIENTELE_CHECK(count >= 1);
  const std::lock_guard<std::mutex> lock(mutex_);
  changes_left_ = count;
}

bool PowerCutDisk::is_cut() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return is_cut_;
}

void PowerCutDisk::Restore(uint32_t seed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [path, file] : files_) {
    if (file.exists) {
      WriteFile(path, AfterCut(file, seed++));
    } else {
      fs::remove(path);
    }
    fs::remove(path + "-shm");
  }
  files_.clear();
  changes_left_ = 0;
  is_cut_ = false;
}

int PowerCutDisk::Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                       int* out_flags) {
  auto* disk = static_cast<PowerCutDisk*>(vfs->pAppData);
  PowerCutFile& own = PowerCutFile::Of(file);
  own = {.base = {nullptr}, .disk = disk, .content = nullptr};
  if (disk->is_cut()) {
    return SQLITE_CANTOPEN;
  }
  if ((flags & kKeptFiles) != 0) {
    own.content = disk->Find(path, flags);
  }
  const int result_code =
      disk->real_->xOpen(disk->real_, path, PowerCutFile::Real(file), flags, out_flags);
  if (result_code == SQLITE_OK) {
    own.base.pMethods = &kMethods;
  }
  return result_code;
}

int PowerCutDisk::Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  auto* disk = static_cast<PowerCutDisk*>(vfs->pAppData);
  const std::lock_guard<std::mutex> lock(disk->mutex_);
  if (disk->is_cut_) {
    return SQLITE_IOERR_DELETE;
  }
  const auto found = disk->files_.find(path);
  if (found != disk->files_.end()) {
    found->second = {.exists = false};
  }
  return disk->real_->xDelete(disk->real_, path, sync_folder);
}

PowerCutDisk::File* PowerCutDisk::Find(const std::string& path, int flags) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto [found, is_new] = files_.try_emplace(path);
  File& file = found->second;
  if (is_new) {
    file.synced = ReadFile(path);
  }
  file.exists = true;
  file.is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  return &file;
}

bool PowerCutDisk::Survives() {
  if (changes_left_ > 0 && --changes_left_ == 0) {
    is_cut_ = true;
  }
  return !is_cut_;
}

int PowerCutDisk::Write(File& file, sqlite3_file* real, absl::string_view bytes, int64_t offset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_cut_) {
    return SQLITE_IOERR_WRITE;
  }
  file.unsynced.push_back({.offset = offset, .bytes = std::string(bytes)});
  return Survives()
             ? real->pMethods->xWrite(real, bytes.data(), static_cast<int>(bytes.size()), offset)
             : SQLITE_IOERR_WRITE;
}

int PowerCutDisk::Truncate(File& file, sqlite3_file* real, int64_t size) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_cut_) {
    return SQLITE_IOERR_TRUNCATE;
  }
  file.unsynced.push_back({.truncates = true, .offset = size, .bytes = ""});
  return Survives() ? real->pMethods->xTruncate(real, size) : SQLITE_IOERR_TRUNCATE;
}

int PowerCutDisk::Sync(File& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_cut_ || !Survives()) {
    return SQLITE_IOERR_FSYNC;
  }
  const bool is_forgotten = forgotten_ == ForgottenSyncs::kAll ||
                            (forgotten_ == ForgottenSyncs::kOfDatabaseFile && file.is_database);
  if (!is_forgotten) {
    for (const Change& change : file.unsynced) {
      Apply(change, file.synced);
    }
    file.unsynced.clear();
  }
  return SQLITE_OK;
}

void PowerCutDisk::Apply(const Change& change, std::string& content) {
  const auto offset = static_cast<size_t>(change.offset);
  if (change.truncates) {
    content.resize(offset);
    return;
  }
  content.resize(std::max(content.size(), offset + change.bytes.size()));
  content.replace(offset, change.bytes.size(), change.bytes);
}

std::string PowerCutDisk::AfterCut(const File& file, uint32_t seed) {
  std::mt19937 random(seed);
  // From nothing, as when the disk had not begun, to nearly all.
  const uint32_t kept_percent = random() % 2 == 0 ? 0 : random() % 100;
  const auto is_kept = [&] { return random() % 100 < kept_percent; };
  std::string content = file.synced;
  for (const Change& change : file.unsynced) {
    if (change.truncates && is_kept()) {
      Apply(change, content);
    }
    const auto end = static_cast<int64_t>(change.bytes.size());
    for (int64_t from = 0, to = 0; from < end; from = to) {
      to = std::min(end, from + kSectorBytes - (change.offset + from) % kSectorBytes);
      if (is_kept()) {
        Apply({.offset = change.offset + from,
               .bytes =
                   change.bytes.substr(static_cast<size_t>(from), static_cast<size_t>(to - from))},
              content);
      }
    }
  }
  return content;
}

}  // namespace clientele::sql
