#include "common/cache/redis_level.h"

#include <algorithm>
#include <iterator>
#include <utility>

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

}  // namespace

RedisLevel::RedisLevel(redis::Client& client, std::string channel)
    : client_(client), channel_(std::move(channel)), script_(kSetIfNewerScript) {}

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
  for (const absl::StatusOr<redis::Reply>& reply : client_.Run(commands, deadline)) {
    records.push_back(ToRecord(reply));
  }
  return records;
}

std::vector<absl::Status> RedisLevel::Write(absl::Span<const SharedWrite> writes,
                                            absl::Time deadline) {
  std::vector<redis::ScriptCall> calls;
  calls.reserve(writes.size());
  for (const SharedWrite& write : writes) {
    calls.push_back(SetIfNewerCall(write, channel_));
  }
  const std::vector<absl::StatusOr<redis::Reply>> replies = script_.Run(client_, calls, deadline);
  std::vector<absl::Status> results;
  results.reserve(replies.size());
  std::transform(replies.begin(), replies.end(), std::back_inserter(results), ToStatus);
  return results;
}

}  // namespace clientele::cache
