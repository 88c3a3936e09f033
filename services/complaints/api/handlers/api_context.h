#ifndef SERVICES_COMPLAINTS_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_API_CONTEXT_H_

// What every handler and job of complaints works with.

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "common/handler/handler_context.h"
#include "common/rpc/client.h"
#include "services/complaints/api/clients/loyalty_client.h"
#include "services/complaints/api/clients/profile_client.h"
#include "services/complaints/domain/event.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

// The other services, from rpc::Connect; they need not be there.
struct Channels {
  std::shared_ptr<grpc::Channel> profile;
  std::shared_ptr<grpc::Channel> loyalty;
};

// Told of every event once it is committed; thread-safe and quick.
using OnEvent = std::function<void(const Event&)>;

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  ApiContext(const HandlerParts& parts, const Channels& channels, OnEvent told)
      : HandlerContext("complaints", parts, LockCustomer),
        profile(channels.profile),
        loyalty(channels.loyalty),
        on_event(std::move(told)) {}

  // After the commit of a job's `events`: wakes the sequencer if there are any, and tells of each.
  void Announce(const std::vector<Event>& events) const {
    if (events.empty()) {
      return;
    }
    poke_outbox();
    for (const Event& event : events) {
      on_event(event);
    }
  }

  const ProfileClient profile;
  const LoyaltyClient loyalty;
  const OnEvent on_event;

  // Set once, before the first call: makes one attempt now to give the points of a remedy that was
  // just approved, and leaves what does not succeed to the executor. Blocks at most until the
  // deadline.
  std::function<void(const RemedyKey& key, const rpc::CallOptions& options)> give_now;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_API_CONTEXT_H_
