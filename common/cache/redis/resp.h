#ifndef COMMON_CACHE_REDIS_RESP_H_
#define COMMON_CACHE_REDIS_RESP_H_

// The Redis protocol (RESP2): commands to bytes, bytes to replies. hiredis is the codec; the limits
// on what a server may send are ours.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/cache/redis/limits.h"

struct redisReader;

namespace clientele::redis {

// One reply of a server. A value.
struct Reply {
  enum class Kind { kNil, kStatus, kError, kInteger, kString, kArray };
  Kind kind = Kind::kNil;
  int64_t integer = 0;          // of kInteger
  std::string text;             // of kStatus, kError ("MOVED 3999 127.0.0.1:6381") and kString
  std::vector<Reply> elements;  // of kArray

  bool IsError() const { return kind == Kind::kError; }
};

// Appends the bytes of one command ("GET", key) to `out`. `arguments` must not be empty.
void AppendCommand(absl::Span<const absl::string_view> arguments, std::string& out);

// Cuts a stream of bytes into replies. Not thread-safe.
class ReplyReader {
 public:
  explicit ReplyReader(int64_t reply_bytes_max = kReplyBytesMax,
                       int64_t reply_elements_max = kReplyElementsMax);
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  // Takes the next bytes of the stream.
  void Feed(absl::string_view bytes);

  // The next reply; nullopt while its end has not come. DATA_LOSS when the stream is not RESP, or a
  // reply is larger, has more elements or is nested deeper than allowed: it cannot be read on.
  absl::StatusOr<std::optional<Reply>> Next();

 private:
  struct ReaderDeleter {
    void operator()(redisReader* reader) const;
  };

  const int64_t reply_bytes_max_;
  const int64_t reply_elements_max_;
  int64_t bytes_since_reply_ = 0;
  int64_t elements_left_;  // hiredis counts down through a pointer to it
  std::unique_ptr<redisReader, ReaderDeleter> reader_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_RESP_H_
