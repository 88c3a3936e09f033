#include "common/cache/redis/script.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/crypto/digest.h"

namespace clientele::redis {
namespace {

std::string Sha1Hex(absl::string_view text) {
  const Sha1Digest digest = Sha1Of(text);
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
}

Command MakeCommand(absl::string_view verb, absl::string_view script, const ScriptCall& call) {
  std::vector<absl::string_view> words = {verb, script, "1", call.key};
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  Command command{.key = call.key, .bytes = {}};
  AppendCommand(words, command.bytes);
  return command;
}

bool IsScriptMissing(const absl::StatusOr<Reply>& reply) {
  return reply.ok() && reply->IsError() && absl::StartsWith(reply->text, "NOSCRIPT");
}

}  // namespace

Script::Script(absl::string_view text) : text_(text), digest_(Sha1Hex(text)) {}

std::vector<absl::StatusOr<Reply>> Script::Run(Client& client, absl::Span<const ScriptCall> calls,
                                               absl::Time deadline) const {
  std::vector<Command> commands;
  commands.reserve(calls.size());
  for (const ScriptCall& call : calls) {
    commands.push_back(MakeCommand("EVALSHA", digest_, call));
  }
  std::vector<absl::StatusOr<Reply>> replies = client.Run(commands, deadline);
  std::vector<size_t> repeated;
  std::vector<Command> with_text;
  for (size_t i = 0; i < calls.size(); ++i) {
    if (IsScriptMissing(replies[i])) {
      repeated.push_back(i);
      with_text.push_back(MakeCommand("EVAL", text_, calls[i]));
    }
  }
  std::vector<absl::StatusOr<Reply>> again = client.Run(with_text, deadline);
  for (size_t i = 0; i < repeated.size(); ++i) {
    replies[repeated[i]] = std::move(again[i]);
  }
  return replies;
}

}  // namespace clientele::redis
