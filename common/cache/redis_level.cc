#include "common/cache/redis_level.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "common/cache/redis/limits.h"
#include "common/cache/set_if_newer.h"

namespace clientele::cache {
namespace {

absl::StatusOr<std::optional<Record>> ToRecord(const absl::StatusOr<redis::Reply>& reply) {
  if (!reply.ok()) {
    return reply.status();
  }
  if (reply->kind == redis::Reply::Kind::kNil) {
    return std::nullopt;
  }
  std::optional<Record> record;
  if (reply->kind == redis::Reply::Kind::kString) {
    record = DecodeRecord(reply->text);
  }
  if (!record.has_value()) {
    return absl::DataLossError("Redis holds something else under the key of a record");
  }
  return record;
}

absl::Status ToStatus(const absl::StatusOr<redis::Reply>& reply) {
  if (!reply.ok()) {
    return reply.status();
  }
  return reply->IsError() ? absl::UnavailableError(reply->text) : absl::OkStatus();
}

// Whether Redis does not know the script: it was started anew, or SCRIPT FLUSH was called.
bool IsScriptMissing(const absl::StatusOr<redis::Reply>& reply) {
  return reply.ok() && reply->IsError() && absl::StartsWith(reply->text, "NOSCRIPT");
}

}  // namespace

RedisLevel::RedisLevel(redis::Client& client, std::string channel)
    : client_(client), channel_(std::move(channel)), digest_(SetIfNewerDigest()) {}

std::vector<absl::StatusOr<redis::Reply>> RedisLevel::RunAll(
    absl::Span<const redis::Command> commands, absl::Time deadline) {
  std::vector<absl::StatusOr<redis::Reply>> replies;
  replies.reserve(commands.size());
  for (size_t begin = 0; begin < commands.size(); begin += redis::kPipelineCommandsMax) {
    auto some = client_.Run(commands.subspan(begin, redis::kPipelineCommandsMax), deadline);
    std::move(some.begin(), some.end(), std::back_inserter(replies));
  }
  return replies;
}

std::vector<absl::StatusOr<std::optional<Record>>> RedisLevel::Read(
    absl::Span<const absl::string_view> keys, absl::Time deadline) {
  std::vector<redis::Command> commands;
  commands.reserve(keys.size());
  for (const absl::string_view key : keys) {
    redis::Command& command = commands.emplace_back(redis::Command{.key = key, .bytes = {}});
    redis::AppendCommand({"GET", key}, command.bytes);
  }
  std::vector<absl::StatusOr<std::optional<Record>>> records;
  records.reserve(keys.size());
  for (const absl::StatusOr<redis::Reply>& reply : RunAll(commands, deadline)) {
    records.push_back(ToRecord(reply));
  }
  return records;
}

std::vector<absl::Status> RedisLevel::Write(absl::Span<const SharedWrite> writes,
                                            absl::Time deadline) {
  std::vector<redis::Command> commands;
  commands.reserve(writes.size());
  for (const SharedWrite& write : writes) {
    commands.push_back({.key = write.key,
                        .bytes = SetIfNewerCommand(write, channel_, ScriptBy::kDigest, digest_)});
  }
  std::vector<absl::StatusOr<redis::Reply>> replies = RunAll(commands, deadline);
  // Once more with the script's text, for the nodes that miss it.
  std::vector<size_t> repeated;
  std::vector<redis::Command> with_text;
  for (size_t i = 0; i < writes.size(); ++i) {
    if (IsScriptMissing(replies[i])) {
      repeated.push_back(i);
      with_text.push_back(
          {.key = writes[i].key,
           .bytes = SetIfNewerCommand(writes[i], channel_, ScriptBy::kText, digest_)});
    }
  }
  std::vector<absl::StatusOr<redis::Reply>> again = RunAll(with_text, deadline);
  for (size_t i = 0; i < repeated.size(); ++i) {
    replies[repeated[i]] = std::move(again[i]);
  }
  std::vector<absl::Status> results;
  results.reserve(replies.size());
  std::transform(replies.begin(), replies.end(), std::back_inserter(results), ToStatus);
  return results;
}

}  // namespace clientele::cache
