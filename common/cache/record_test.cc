#include "common/cache/record.h"

#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

const absl::Time kLater = absl::FromUnixMicros(1'700'000'000'123'456);

TEST(Record, ComesBackFromItsBytes) {
  for (const Record& record :
       {Record{.version = 7, .valid_until = kLater, .payload = std::string("\0bytes", 6)},
        Record{.version = 7, .valid_until = kLater, .payload = ""},
        Record{.version = 7, .valid_until = kLater, .payload = std::nullopt},
        Record{.version = 0, .valid_until = absl::UnixEpoch(), .payload = std::nullopt},
        Record{.version = INT64_MAX, .valid_until = kLater, .payload = "x"}}) {
    EXPECT_EQ(DecodeRecord(EncodeRecord(record)), record);
  }
}

TEST(Record, StaysFarAwayWhenItIsValidForEver) {
  const auto record = DecodeRecord(EncodeRecord({.version = 1, .payload = "x"}));
  EXPECT_GT(record->valid_until, kLater + absl::Hours(24 * 365 * 1000));
}

TEST(Record, HasAHeaderThatDoesNotChange) {
  const std::string bytes =
      EncodeRecord({.version = 0x0102030405060708, .valid_until = kLater, .payload = "p"});
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x01\x01\x01\x02\x03\x04\x05\x06\x07\x08", 10));
  EXPECT_EQ(bytes.size(), kRecordHeaderBytes + 1);
}

TEST(Record, IsNotReadFromOtherBytes) {
  const std::string good = EncodeRecord({.version = 1, .valid_until = kLater, .payload = "p"});
  for (size_t length = 0; length < kRecordHeaderBytes; ++length) {
    EXPECT_FALSE(DecodeRecord(good.substr(0, length)).has_value()) << length;
  }
  std::string other_format = good;
  other_format[0] = 2;
  EXPECT_FALSE(DecodeRecord(other_format).has_value());
  std::string other_kind = good;
  other_kind[1] = 2;
  EXPECT_FALSE(DecodeRecord(other_kind).has_value());
  std::string absent_with_payload = good;
  absent_with_payload[1] = 0;
  EXPECT_FALSE(DecodeRecord(absent_with_payload).has_value());
  std::string negative = good;
  negative[2] = '\x80';
  EXPECT_FALSE(DecodeRecord(negative).has_value());
}

}  // namespace
}  // namespace clientele::cache
