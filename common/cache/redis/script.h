#ifndef COMMON_CACHE_REDIS_SCRIPT_H_
#define COMMON_CACHE_REDIS_SCRIPT_H_

// A Lua script that Redis runs at once, about one key.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/redis/client.h"

namespace clientele::redis {

// One run: KEYS[1] and ARGV of the script.
struct ScriptCall {
  absl::string_view key;
  std::vector<std::string> arguments;
};

// Thread-safe. Running it twice must do no harm (client.h).
class Script {
 public:
  // `text` is kept as it is: a constant.
  explicit Script(absl::string_view text);

  // Runs `calls`; the results are those of Client::Run. By digest, which is short; a node that does
  // not know the script (it was started anew) is sent its text, once.
  std::vector<absl::StatusOr<Reply>> Run(Client& client, absl::Span<const ScriptCall> calls,
                                         absl::Time deadline) const;

 private:
  const absl::string_view text_;
  const std::string digest_;  // SHA-1 in hexadecimal: what EVALSHA calls it
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_SCRIPT_H_
