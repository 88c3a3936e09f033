#include "common/ids/uuid.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/crypto/digest.h"
#include "common/ids/id_format.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

using UuidBytes = std::array<uint8_t, 16>;

constexpr int64_t kMillisMax = (int64_t{1} << 48) - 1;
constexpr int kCounterMax = 0xFFF;
constexpr int kCounterStartMask = 0x7FF;  // leaves at least 2,048 ids before the counter is full

std::string Format(const UuidBytes& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  size_t at = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    at += i == 4 || i == 6 || i == 8 || i == 10 ? 1 : 0;  // a hyphen
    text[at++] = kDigits[bytes[i] >> 4];
    text[at++] = kDigits[bytes[i] & 0x0F];
  }
  return text;
}

// How many forks led from the process that first asked to this one. Counted, as getpid() is a
// system call and costs as much as the rest of an id.
int ForkCount() {
  static std::atomic<int> count = 0;
  static const bool is_counted = pthread_atfork(nullptr, nullptr, [] { ++count; }) == 0;
  CLIENTELE_CHECK(is_counted);
  return count.load(std::memory_order_relaxed);
}

void SetVersionAndVariant(UuidBytes& bytes, int version) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | (version << 4));
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
}

}  // namespace

UuidV7Generator::Bytes UuidV7Generator::DrawRandom() {
  Bytes bytes;
  if (random_used_ + bytes.size() > random_.size() || random_fork_ != ForkCount()) {
    CLIENTELE_CHECK(RAND_bytes(random_.data(), static_cast<int>(random_.size())) == 1);
    random_used_ = 0;
    random_fork_ = ForkCount();
  }
  std::copy_n(random_.begin() + random_used_, bytes.size(), bytes.begin());
  random_used_ += bytes.size();
  return bytes;
}

std::string UuidV7Generator::New(absl::Time now) {
  const int64_t now_ms = std::clamp<int64_t>(absl::ToUnixMillis(now), 0, kMillisMax);
  Bytes bytes;
  int64_t ms;
  int counter;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    bytes = DrawRandom();
    const int fresh_counter = ((bytes[6] << 8) | bytes[7]) & kCounterStartMask;
    if (now_ms > last_ms_) {
      last_ms_ = now_ms;
      counter_ = fresh_counter;
    } else if (counter_ < kCounterMax) {
      ++counter_;
    } else {
      // The millisecond is used up: borrow the next one rather than wait for it.
      ++last_ms_;
      counter_ = fresh_counter;
    }
    ms = last_ms_;
    counter = counter_;
  }

  for (size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<uint8_t>(ms >> (8 * (5 - i)));
  }
  bytes[6] = static_cast<uint8_t>(counter >> 8);
  bytes[7] = static_cast<uint8_t>(counter);
  SetVersionAndVariant(bytes, 7);
  return Format(bytes);
}

absl::StatusOr<std::string> UuidV5(absl::string_view namespace_uuid, absl::string_view name) {
  if (!IsUuid(namespace_uuid)) {
    return absl::InvalidArgumentError("the namespace of a UUIDv5 must be a UUID");
  }
  const std::string input =
      absl::StrCat(absl::HexStringToBytes(absl::StrReplaceAll(namespace_uuid, {{"-", ""}})), name);
  const Sha1Digest digest = Sha1Of(input);
  UuidBytes bytes;
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  SetVersionAndVariant(bytes, 5);
  return Format(bytes);
}

}  // namespace clientele
