#include "services/loyalty/jobs/purchase_consumer.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "common/feed/event_record.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/jobs/purchase_batch.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

// Gives the events that one member's part of a batch makes their ids: UUIDv5 of the event that
// caused them and their number among its effects, the same whenever the feed is applied anew.
class EffectIds {
 public:
  // Every event of the book without an id yet is an effect of `event_id`.
  absl::Status NameUpTo(size_t event_count, const std::string& event_id) {
    if (event_id != cause_) {
      cause_ = event_id;
      ordinal_ = 0;
    }
    while (ids_.size() < event_count) {
      CLIENTELE_ASSIGN_OR_RETURN(std::string id, UuidV5(cause_, absl::StrCat(++ordinal_)));
      ids_.push_back(std::move(id));
    }
    return absl::OkStatus();
  }

  const std::string& cause() const { return cause_; }
  std::string Take() { return std::move(ids_[taken_++]); }

 private:
  std::string cause_;
  int ordinal_ = 0;
  size_t taken_ = 0;
  std::vector<std::string> ids_;
};

struct TouchedMember {
  MemberState* state = nullptr;
  absl::Time record_time;  // of its last event
  EffectIds ids;
};

// The members of one batch.
class BatchApplier {
 public:
  BatchApplier(sql::Tx& tx, const Program& program, absl::Time now, MemberStates states)
      : tx_(tx), program_(program), now_(now), states_(std::move(states)) {}

  absl::Status Apply(const PurchaseItem& item) {
    MemberState& state = StateOf(item);
    TouchedMember& touched = touched_[item.customer_id.value()];
    touched.state = &state;
    touched.record_time = item.time.record_time;
    CLIENTELE_RETURN_IF_ERROR(
        std::visit([&](const auto& what) { return ApplyTo(what, item.time, state); }, item.what));
    return touched.ids.NameUpTo(state.book.events().size(), item.event_id);
  }

  // Brings the tiers up to date and stores everything; appends the events to `rows`. Answers the
  // members that were changed.
  absl::StatusOr<std::vector<MemberState*>> Save(std::vector<feed::OutboxEvent>& rows) {
    std::vector<MemberState*> changed;
    for (auto& entry : touched_) {
      TouchedMember& touched = entry.second;
      if (touched.state->history.unchanged()) {
        continue;
      }
      RefreshTier(program_, now_, touched.record_time, *touched.state);
      const std::vector<Event>& events = touched.state->book.events();
      CLIENTELE_RETURN_IF_ERROR(touched.ids.NameUpTo(events.size(), touched.ids.cause()));
      AppendOutboxEvents(
          events, [&touched](const Event&) { return touched.ids.Take(); }, rows);
      changed.push_back(touched.state);
    }
    CLIENTELE_RETURN_IF_ERROR(SaveStates(tx_, changed));
    return changed;
  }

 private:
  MemberState& StateOf(const PurchaseItem& item) {
    const auto found = states_.find(item.customer_id.value());
    if (found != states_.end()) {
      return found->second;
    }
    Member member;
    member.id = item.customer_id;
    member.enroll_time = item.time.occur_time;
    return states_
        .try_emplace(item.customer_id.value(),
                     MemberState{LedgerBook(program_, std::move(member), {}), {}})
        .first->second;
  }

  // What a refund takes points back from may have nothing left, and is then not in the book.
  absl::Status LoadLotOf(const PurchaseId& purchase_id, MemberState& state) {
    const Earning* earning = state.history.Find(purchase_id);
    return earning == nullptr || earning->lot_seq == 0
               ? absl::OkStatus()
               : LoadLotInto(tx_, earning->lot_seq, state.book);
  }

  absl::Status ApplyTo(const RecordedPurchase& purchase, PostingTime time, MemberState& state) {
    ApplyPurchase(program_, purchase, time, now_, state);
    return absl::OkStatus();
  }

  absl::Status ApplyTo(const RecordedRefund& refund, PostingTime time, MemberState& state) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotOf(refund.purchase_id, state));
    return ApplyRefund(refund, time, now_, state);
  }

  absl::Status ApplyTo(const CancelledPurchase& cancel, PostingTime time, MemberState& state) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotOf(cancel.purchase_id, state));
    return ApplyCancel(cancel.purchase_id, time, now_, state);
  }

  sql::Tx& tx_;
  const Program& program_;
  const absl::Time now_;
  MemberStates states_;
  absl::btree_map<std::string, TouchedMember> touched_;
};

}  // namespace

absl::Status PurchaseConsumer::Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) {
  changed_.clear();
  PurchaseBatch batch;
  for (const common::v1::Event& event : events) {
    CLIENTELE_RETURN_IF_ERROR(batch.Add(event));
  }
  if (batch.items().empty()) {
    return absl::OkStatus();
  }
  const std::vector<std::string> customer_ids = batch.CustomerIds();
  CLIENTELE_RETURN_IF_ERROR(LockMembers(tx, customer_ids));
  CLIENTELE_RETURN_IF_ERROR(PublishProgram(tx, api_.configured_program, api_.RecordNow()));
  CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api_.configured_program));
  CLIENTELE_ASSIGN_OR_RETURN(MemberStates states, LoadStates(tx, program, customer_ids));
  BatchApplier applier(tx, program, api_.BusinessNow(), std::move(states));
  for (const PurchaseItem& item : batch.items()) {
    CLIENTELE_RETURN_IF_ERROR(applier.Apply(item));
  }
  std::vector<feed::OutboxEvent> rows;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<MemberState*> changed, applier.Save(rows));
  changed_.reserve(changed.size());
  for (const MemberState* state : changed) {
    const Member& member = state->book.member();
    changed_.push_back({member.id.value(), member.version});
  }
  CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, rows));
  // The sequencer waits for this transaction to end; should it come too early, it polls.
  api_.poke_outbox();
  return absl::OkStatus();
}

void PurchaseConsumer::OnCommitted() {
  std::vector<cache::RowVersion> rows;
  rows.reserve(changed_.size());
  for (const ChangedMember& member : changed_) {
    rows.push_back({.id = member.customer_id, .version = member.version});
  }
  api_.cache.OutdateAll(api_.cached_tiers, rows);
}

}  // namespace clientele::loyalty
