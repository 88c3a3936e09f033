#include "services/complaints/jobs/remedy_executor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/feed/event_record.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/api/converters/event_proto.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

// The failure_reason of a remedy of which loyalty never said what became of it.
constexpr absl::string_view kOutcomeUnknown = "OUTCOME_UNKNOWN";

// How long to wait when loyalty or the database is away, whatever is due.
constexpr absl::Duration kAwayWait = absl::Seconds(1);

// Until one is tried again whose transaction failed: no call was made, so this is not about
// loyalty.
constexpr absl::Duration kBeginPause = absl::Minutes(2);

}  // namespace

RemedyExecutor::RemedyExecutor(const RemedyExecutorOptions& options, const ApiContext& api,
                               OnJobFailure on_error)
    : options_(options), api_(api), on_error_(std::move(on_error)) {
  CLIENTELE_CHECK(options_.attempt_distance > options_.attempt_timeout);
}

void RemedyExecutor::Attempt(const RemedyKey& key, const rpc::CallOptions& options) {
  if (!Enter(key.remedy_id, options.deadline)) {
    return;
  }
  const absl::StatusOr<bool> answered = TryAttempt(key, options);
  Leave(key.remedy_id);
  if (!answered.ok()) {
    on_error_({.status = answered.status()});
  }
}

bool RemedyExecutor::Enter(const RemedyId& id, absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (under_way_.insert(id).second) {
    return true;
  }
  left_.wait_until(lock, absl::ToChronoTime(deadline), [&] { return !under_way_.contains(id); });
  return false;
}

void RemedyExecutor::Leave(const RemedyId& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  under_way_.erase(id);
  left_.notify_all();
}

absl::StatusOr<std::vector<RemedyWork>> RemedyExecutor::NextBatch() {
  if (!after_.has_value()) {
    pass_time_ = api_.RecordNow();
  }
  return sql::ReadIn(api_.database, sql::BackgroundTx(), [&](sql::Tx& tx) {
    return ListDueWork(tx, pass_time_, after_.value_or(WorkPlace()), options_.batch_max);
  });
}

absl::Duration RemedyExecutor::RunDue() {
  const absl::StatusOr<std::vector<RemedyWork>> due = NextBatch();
  if (!due.ok()) {
    on_error_({.status = due.status()});
    return kAwayWait;
  }
  bool has_failed = false;
  for (const RemedyWork& work : *due) {
    if (!Enter(work.key.remedy_id, absl::InfinitePast())) {
      continue;  // a caller is at it
    }
    const absl::StatusOr<bool> answered =
        TryAttempt(work.key, rpc::NewCall(options_.attempt_timeout));
    if (!answered.ok()) {
      on_error_({.status = answered.status()});
      StepBack(work);
      has_failed = true;
    }
    Leave(work.key.remedy_id);
    if (answered.ok() && !*answered) {
      return kAwayWait;
    }
  }
  if (static_cast<int>(due->size()) < options_.batch_max) {
    after_.reset();
  }
  if (has_failed) {
    return kAwayWait;
  }
  const absl::StatusOr<std::optional<absl::Time>> next =
      sql::ReadIn(api_.database, sql::BackgroundTx(), NextAttemptTime);
  if (!next.ok() || !next->has_value()) {
    return options_.idle_wait;
  }
  return std::clamp(**next - api_.RecordNow(), absl::ZeroDuration(), options_.idle_wait);
}

void RemedyExecutor::StepBack(const RemedyWork& work) {
  const absl::Status stored = api_.database.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) {
    return PostponeWork(tx, work, api_.RecordNow() + kBeginPause);
  });
  if (!stored.ok()) {
    on_error_({.status = stored});
    after_ = {work.next_attempt_time, work.key.remedy_id.value()};
  }
}

absl::Time RemedyExecutor::TimeAfterAttempt(const RemedyWork& work) const {
  const absl::Duration wait =
      RetryWait(work.attempt_count + 1, options_.retry_wait_min, options_.retry_wait_max);
  return api_.RecordNow() + std::max(wait, options_.attempt_distance);
}

absl::StatusOr<bool> RemedyExecutor::TryAttempt(const RemedyKey& key,
                                                const rpc::CallOptions& options) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Begun> begun, Begin(key));
  if (!begun.has_value()) {
    return true;
  }
  if (begun->work.phase == WorkPhase::kGive) {
    const LedgerResult result = api_.loyalty.Give(options, begun->grant);
    CLIENTELE_RETURN_IF_ERROR(FinishGive(*begun, result));
    if (result.answer != LedgerAnswer::kDone) {
      on_error_({.status = result.error});
    }
    return result.answer != LedgerAnswer::kUnknown;
  }
  const LedgerResult result = api_.loyalty.TakeBack(options, begun->grant);
  if (result.answer != LedgerAnswer::kDone) {
    const bool refused = result.answer == LedgerAnswer::kRefused;
    on_error_({.status = result.error, .needs_person = refused});
    return refused;
  }
  CLIENTELE_RETURN_IF_ERROR(Settle(
      *begun, {.state = RemedyState::kFailed, .failure_reason = begun->work.failure_reason}));
  return true;
}

absl::StatusOr<std::optional<RemedyExecutor::Begun>> RemedyExecutor::Begin(
    const RemedyKey& key) const {
  return sql::WriteIn(
      api_.database, sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::StatusOr<std::optional<Begun>> {
        CLIENTELE_RETURN_IF_ERROR(LockCustomer(tx, key.customer_id.value()));
        CLIENTELE_ASSIGN_OR_RETURN(std::optional<RemedyWork> work, FindWork(tx, key));
        if (!work.has_value()) {
          return std::nullopt;
        }
        CLIENTELE_ASSIGN_OR_RETURN(const bool claimed,
                                   ClaimWork(tx, *work, TimeAfterAttempt(*work)));
        if (!claimed) {
          return std::nullopt;
        }
        ++work->attempt_count;
        CLIENTELE_ASSIGN_OR_RETURN(
            const std::optional<Complaint> complaint,
            FindComplaintWithoutTexts(tx, key.customer_id, key.complaint_id));
        CLIENTELE_CHECK(complaint.has_value());
        const Remedy* remedy = FindRemedy(*complaint, key.remedy_id);
        CLIENTELE_CHECK(remedy != nullptr);
        return Begun{.work = *work,
                     .grant = {.customer_id = key.customer_id,
                               .remedy_id = key.remedy_id,
                               .points = remedy->points,
                               .reference = complaint->number}};
      });
}

absl::Status RemedyExecutor::FinishGive(const Begun& begun, const LedgerResult& result) const {
  switch (DecideGive(result.answer, begun.work.attempt_count, options_.attempts_max)) {
    case GiveDecision::kExecuted:
      return Settle(
          begun, {.state = RemedyState::kExecuted, .ledger_transaction_id = result.transaction_id});
    case GiveDecision::kFailed:
      return Settle(begun, {.state = RemedyState::kFailed, .failure_reason = result.reason});
    case GiveDecision::kRetry:
      return absl::OkStatus();
    case GiveDecision::kCompensate:
      return Settle(begun, {.state = RemedyState::kCompensating,
                            .failure_reason = result.answer == LedgerAnswer::kRefused
                                                  ? result.reason
                                                  : std::string(kOutcomeUnknown)});
  }
  CLIENTELE_CHECK(false);
}

// Stores an outcome, unless somebody else has stored one meanwhile.
absl::Status RemedyExecutor::Settle(const Begun& begun, const RemedyMove& move) const {
  std::vector<Event> events;
  absl::Status status =
      api_.database.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        events.clear();
        const RemedyKey& key = begun.work.key;
        CLIENTELE_RETURN_IF_ERROR(LockCustomer(tx, key.customer_id.value()));
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RemedyWork> work, FindWork(tx, key));
        if (!work.has_value() || work->phase != begun.work.phase) {
          return absl::OkStatus();
        }
        const absl::Time record_time = api_.RecordNow();
        CLIENTELE_ASSIGN_OR_RETURN(ComplaintPlan plan, MoveIn(tx, begun, move, record_time));
        CLIENTELE_RETURN_IF_ERROR(move.state == RemedyState::kCompensating
                                      ? StartTakingBack(tx, key, record_time, move.failure_reason)
                                      : DeleteWork(tx, key));
        events = std::move(plan.events);
        return feed::AppendToOutbox(tx, ToOutboxEvents(events, record_time, api_.ids));
      });
  if (status.ok()) {
    api_.Announce(events);
  }
  return status;
}

absl::StatusOr<ComplaintPlan> RemedyExecutor::MoveIn(sql::Tx& tx, const Begun& begun,
                                                     const RemedyMove& move,
                                                     absl::Time record_time) const {
  const RemedyKey& key = begun.work.key;
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CustomerRecord> customer,
                             FindCustomer(tx, key.customer_id));
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Complaint> complaint,
                             FindComplaintWithoutTexts(tx, key.customer_id, key.complaint_id));
  CLIENTELE_CHECK(customer.has_value() && complaint.has_value());
  const Stamp stamp{.actor = std::string(kSystemActor),
                    .occur_time = api_.BusinessNow(),
                    .record_time = record_time};
  ComplaintPlan plan = PlanMoveRemedy(*customer, *complaint, key.remedy_id, move, stamp);
  CLIENTELE_RETURN_IF_ERROR(SavePlan(tx, *api_.vault, plan, false, record_time));
  return plan;
}

}  // namespace clientele::complaints
