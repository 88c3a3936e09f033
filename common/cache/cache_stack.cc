#include "common/cache/cache_stack.h"

#include <utility>

#include "common/cache/limits.h"

namespace clientele::cache {

CacheStack::CacheStack(CacheStackOptions options, const Clock& clock, CacheObserver& observer) {
  if (!options.redis.has_value()) {
    cache_ = std::make_unique<VersionedCache>(std::move(options.cache), nullptr, clock, observer);
    return;
  }
  const KeySpace keys(options.cache.prefix, options.cache.service);
  client_ = std::make_unique<redis::Client>(*std::move(options.redis), observer);
  level_ = std::make_unique<RedisLevel>(*client_, keys.channel());
  SharedLevel* level = level_.get();
  if (options.seal_key.has_value()) {
    sealed_level_ = std::make_unique<SealedLevel>(*level_, *options.seal_key);
    level = sealed_level_.get();
  }
  cache_ = std::make_unique<VersionedCache>(std::move(options.cache), level, clock, observer);
  VersionedCache* const cache = cache_.get();
  subscriber_ = std::make_unique<redis::Subscriber>(
      client_->topology(), keys.channel(), kChannelSilenceMax,
      redis::Listener{
          .on_up = [cache] { cache->OnChannelUp(); },
          .on_message = [cache](absl::string_view text) { cache->OnChannelMessage(text); },
          .on_down = [cache](const absl::Status& why) { cache->OnChannelDown(why); }});
}

}  // namespace clientele::cache
