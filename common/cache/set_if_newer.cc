#include "common/cache/set_if_newer.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace clientele::cache {

// Lua's numbers are doubles, which do not hold every 64-bit integer, and its comparison of strings
// goes by the server's locale: so version and valid_until are compared as four numbers of 32 bits.
// It tells the channel also when it sets nothing: a reader may have filled in what was committed.
const char* const kSetIfNewerScript = R"lua(
local function order(record)
  if #record < 18 or string.byte(record, 1) ~= 1 then return {-1, 0, 0, 0} end
  return {struct.unpack('>I4I4I4I4', record, 3)}
end
local held = order(redis.call('GETRANGE', KEYS[1], 0, 17))
local offered = order(ARGV[1])
local is_newer = 0
for i = 1, 4 do
  if offered[i] ~= held[i] then
    if offered[i] > held[i] then is_newer = 1 end
    break
  end
end
if is_newer == 1 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return is_newer
)lua";

redis::ScriptCall SetIfNewerCall(const SharedWrite& write, absl::string_view channel) {
  const int64_t ttl_ms = std::max(int64_t{1}, absl::ToInt64Milliseconds(write.ttl));
  return {.key = write.key,
          .arguments = {EncodeRecord(write.record), absl::StrCat(ttl_ms),
                        std::string(write.announce ? channel : ""),
                        EncodeInvalidation(write.record.version, write.key)}};
}

std::string EncodeInvalidation(int64_t version, absl::string_view key) {
  return absl::StrCat(version, " ", key);
}

std::optional<Invalidation> DecodeInvalidation(absl::string_view text) {
  const size_t space = text.find(' ');
  Invalidation result{};
  if (space == absl::string_view::npos || space + 1 == text.size() ||
      !absl::SimpleAtoi(text.substr(0, space), &result.version) || result.version < 0) {
    return std::nullopt;
  }
  result.key = std::string(text.substr(space + 1));
  return result;
}

}  // namespace clientele::cache
