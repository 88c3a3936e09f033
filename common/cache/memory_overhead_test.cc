// quality.md P12: what the memory level costs beside the keys and payloads it holds.

#include <malloc.h>

#include "absl/strings/str_cat.h"
#include "common/cache/memory_level.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

constexpr double kOverheadBytesMax = 64;

int64_t AllocatedBytes() {
  const struct mallinfo2 allocated = mallinfo2();
  return static_cast<int64_t>(allocated.uordblks + allocated.hblkhd);
}

// Fills a level of `bytes_max` over and over; everything it allocated counts, used or not.
double OverheadPerRecord(int64_t bytes_max, size_t payload_bytes) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  const Record record{.version = 1,
                      .valid_until = now + absl::Seconds(1),
                      .payload = std::string(payload_bytes, 'x')};
  const int64_t before = AllocatedBytes();
  MemoryLevel level(bytes_max, /*is_on=*/true);
  size_t key_bytes = 0;
  for (int64_t put_bytes = 0, i = 0; put_bytes < 2 * bytes_max; ++i) {
    const std::string key = absl::StrCat("clientele:svc:v2:widget:", 10'000'000 + i);
    key_bytes = key.size();
    EXPECT_TRUE(level.Put(key, record, now, level.generation()));
    put_bytes += static_cast<int64_t>(key_bytes + payload_bytes);
  }
  const int64_t allocated = AllocatedBytes() - before;
  EXPECT_LE(allocated, bytes_max + int64_t{16} * 1024);
  const auto held = static_cast<int64_t>(level.size() * (key_bytes + payload_bytes));
  return static_cast<double>(allocated - held) / static_cast<double>(level.size());
}

TEST(MemoryLevel, CostsLittleBesideWhatItHolds) {
  for (const size_t payload_bytes : {60, 200, 400, 1000, 3000}) {
    for (const int64_t bytes_max : {4 << 20, 7 << 20, 16 << 20}) {
      const double overhead = OverheadPerRecord(bytes_max, payload_bytes);
      RecordProperty(absl::StrCat("overhead_", payload_bytes, "_", bytes_max),
                     absl::StrCat(overhead));
      EXPECT_LE(overhead, kOverheadBytesMax) << payload_bytes << " in " << bytes_max;
    }
  }
}

}  // namespace
}  // namespace clientele::cache
