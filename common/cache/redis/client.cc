#include "common/cache/redis/client.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"

namespace clientele::redis {

std::vector<absl::StatusOr<Reply>> Client::Run(absl::Span<const Command> commands,
                                               absl::Time deadline) {
  std::vector<absl::StatusOr<Reply>> results;
  results.reserve(commands.size());
  for (size_t begin = 0; begin < commands.size(); begin += kPipelineCommandsMax) {
    RunSome(commands.subspan(begin, kPipelineCommandsMax), deadline, results);
  }
  return results;
}

void Client::RunSome(absl::Span<const Command> commands, absl::Time deadline,
                     std::vector<absl::StatusOr<Reply>>& results) {
  const Patience patience =
      PatienceOf(absl::Now(), topology_.node_options().latency_budget, deadline);
  std::vector<absl::StatusOr<Reply>> some(
      commands.size(), absl::UnavailableError("it is not known which node of Redis to ask"));
  std::vector<Attempt> attempts = Route(commands);
  for (int redirects = 0; !attempts.empty(); ++redirects) {
    RunAttempts(commands, attempts, patience, some);
    if (redirects == kRedirectsMax) {
      break;
    }
    attempts = Redirected(attempts, some);
  }
  std::move(some.begin(), some.end(), std::back_inserter(results));
}

std::vector<Client::Attempt> Client::Route(absl::Span<const Command> commands) const {
  std::vector<Attempt> attempts;
  attempts.reserve(commands.size());
  for (size_t i = 0; i < commands.size(); ++i) {
    if (std::shared_ptr<Node> node = topology_.NodeOf(commands[i].key); node != nullptr) {
      attempts.push_back({.command = i, .node = std::move(node), .ask_once = false});
    }
  }
  return attempts;
}

void Client::RunAttempts(absl::Span<const Command> commands, std::vector<Attempt>& attempts,
                         const Patience& patience, std::vector<absl::StatusOr<Reply>>& results) {
  // One order for all callers: whoever waits for a connection of a later node holds none of it.
  std::stable_sort(attempts.begin(), attempts.end(), [](const Attempt& a, const Attempt& b) {
    return std::less<>()(a.node.get(), b.node.get());
  });
  std::vector<Pipeline> pipelines;
  for (auto begin = attempts.begin(); begin != attempts.end();) {
    std::string bytes;
    auto end = begin;
    for (; end != attempts.end() && end->node == begin->node; ++end) {
      if (end->ask_once) {
        AppendCommand({"ASKING"}, bytes);
      }
      bytes += commands[end->command].bytes;
    }
    pipelines.push_back({.attempts = absl::MakeConstSpan(&*begin, end - begin),
                         .exchange = begin->node->Begin(bytes, patience)});
    begin = end;
  }
  for (Pipeline& pipeline : pipelines) {
    FinishPipeline(pipeline, results);
  }
}

void Client::FinishPipeline(Pipeline& pipeline, std::vector<absl::StatusOr<Reply>>& results) {
  size_t reply_count = 0;
  for (const Attempt& attempt : pipeline.attempts) {
    reply_count += attempt.ask_once ? 2 : 1;
  }
  absl::StatusOr<std::vector<Reply>> replies =
      pipeline.exchange.ok() ? pipeline.exchange->Finish(reply_count)
                             : absl::StatusOr<std::vector<Reply>>(pipeline.exchange.status());
  size_t next = 0;
  for (const Attempt& attempt : pipeline.attempts) {
    if (!replies.ok()) {
      results[attempt.command] = replies.status();
      continue;
    }
    next += attempt.ask_once ? 1 : 0;  // the reply of ASKING says nothing
    results[attempt.command] = std::move((*replies)[next++]);
  }
}

std::vector<Client::Attempt> Client::Redirected(const std::vector<Attempt>& attempts,
                                                const std::vector<absl::StatusOr<Reply>>& results) {
  std::vector<Attempt> redirected;
  for (const Attempt& attempt : attempts) {
    const absl::StatusOr<Reply>& result = results[attempt.command];
    if (!result.ok() || !result->IsError()) {
      continue;
    }
    const std::optional<Redirect> redirect = ParseRedirect(result->text, attempt.node->address());
    if (!redirect.has_value()) {
      continue;
    }
    if (!redirect->ask_once) {
      topology_.RefreshSoon();
    }
    if (std::shared_ptr<Node> node = topology_.NodeAt(redirect->target); node != nullptr) {
      redirected.push_back({attempt.command, std::move(node), redirect->ask_once});
    }
  }
  return redirected;
}

}  // namespace clientele::redis
