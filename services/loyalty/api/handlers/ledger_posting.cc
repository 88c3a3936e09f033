#include "services/loyalty/api/handlers/ledger_posting.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "common/handler/audit_write.h"
#include "common/handler/write_tx.h"
#include "common/sql/database.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"
#include "services/loyalty/store/request_store.h"

namespace clientele::loyalty {
namespace {

RequestKey KeyOf(const LedgerPosting& posting) {
  const LedgerCommand& command = posting.command.points.ledger;
  return {command.customer_id.value(), command.request_id};
}

std::vector<std::string> CustomerIdsOf(absl::Span<LedgerPosting* const> postings) {
  absl::btree_set<std::string> ids;
  for (const LedgerPosting* posting : postings) {
    ids.insert(posting->command.points.ledger.customer_id.value());
  }
  return {ids.begin(), ids.end()};
}

std::vector<RequestKey> KeysOf(absl::Span<LedgerPosting* const> postings) {
  std::vector<RequestKey> keys;
  keys.reserve(postings.size());
  for (const LedgerPosting* posting : postings) {
    keys.push_back(KeyOf(*posting));
  }
  return keys;
}

absl::Status PlanOn(LedgerBook& book, PostingTime time, const LedgerPosting& posting) {
  const LedgerCommand& command = posting.command.points.ledger;
  EntryCause cause =
      RequestCause(command.request_id, command.content_hash, command.reason, command.reference);
  return posting.command.kind == EntryKind::kRedeem
             ? book.Redeem(posting.command.points.points, time, std::move(cause))
             : book.Adjust(posting.command.points.points, time, std::move(cause));
}

// Fills in what comes of `posting`; true when it added an entry to the book of its member, which is
// null without one.
absl::StatusOr<bool> Decide(PostingTime time, LedgerBook* book, const RequestHistory& history,
                            LedgerPosting& posting) {
  const LedgerCommand& command = posting.command.points.ledger;
  posting.replayed = false;
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<Entry> made, FindReplay(history, command));
  posting.replayed = made.has_value();
  if (made.has_value()) {
    posting.entry = *std::move(made);
    return false;
  }
  if (history.reversal_by.has_value()) {
    return RequestIdReused(command.request_id);
  }
  if (book == nullptr) {
    return MemberNotFound(command.customer_id);
  }
  CLIENTELE_RETURN_IF_ERROR(PlanOn(*book, time, posting));
  posting.entry = book->entries().back();
  return true;
}

// Those of `refused` whose requests were done before, when they were taken for new, are answered
// what they were then.
absl::Status LookUpRefused(LedgerAttempt& attempt, absl::Span<LedgerPosting* const> refused) {
  CLIENTELE_ASSIGN_OR_RETURN(const RequestHistories histories,
                             LoadRequestHistories(attempt.tx, KeysOf(refused), HistoryScope::kAll));
  for (LedgerPosting* posting : refused) {
    absl::StatusOr<std::optional<Entry>> made =
        FindReplay(histories.Of(KeyOf(*posting)), posting->command.points.ledger);
    posting->replayed = made.ok() && made->has_value();
    if (posting->replayed || !made.ok()) {
      posting->refusal = made.status();
    }
    if (posting->replayed) {
      posting->entry = **std::move(made);
    }
  }
  return absl::OkStatus();
}

// The records of audited calls, and whose the last one is.
struct AuditedCalls {
  std::vector<audit::CallRecord> records;
  const PostingCall* last = nullptr;
};

// That `posting` was made, for the audit log: the postings of one call are one call there.
void AppendRecord(const LedgerPosting& posting, AuditedCalls& audited) {
  const PostingCall& call = *posting.call;
  if (!call.audit_record.has_value()) {
    return;
  }
  if (audited.last != &call) {
    audited.records.push_back(*call.audit_record);
    audited.last = &call;
  }
  audited.records.back().subjects.push_back(
      absl::StrCat("customer/", posting.command.points.ledger.customer_id.value()));
}

absl::Status CommitOnce(const ApiContext& api, LookUp look_up, absl::Time deadline,
                        absl::Span<LedgerPosting* const> postings) {
  return RunIdempotentWrite(api, {.deadline = deadline}, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    CLIENTELE_RETURN_IF_ERROR(LockMembers(tx, CustomerIdsOf(postings)));
    CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api.configured_program));
    LedgerAttempt attempt{tx, program, api.BusinessNow(), api.RecordNow()};
    CLIENTELE_RETURN_IF_ERROR(Post(api, attempt, look_up, postings));
    return attempt.wrote_events;
  });
}

}  // namespace

absl::Status Post(const ApiContext& api, LedgerAttempt& attempt, LookUp look_up,
                  absl::Span<LedgerPosting* const> postings) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const RequestHistories histories,
      LoadRequestHistories(
          attempt.tx, KeysOf(postings),
          look_up == LookUp::kFirst ? HistoryScope::kAll : HistoryScope::kReversals));
  CLIENTELE_ASSIGN_OR_RETURN(LedgerBooks books, LoadCurrentBooks(attempt, CustomerIdsOf(postings)));
  absl::btree_set<std::string> changed;
  std::vector<LedgerPosting*> refused;
  AuditedCalls audited;
  for (LedgerPosting* posting : postings) {
    const std::string& customer_id = posting->command.points.ledger.customer_id.value();
    const auto book = books.find(customer_id);
    const absl::StatusOr<bool> posted =
        Decide(attempt.time(), book == books.end() ? nullptr : &book->second,
               histories.Of(KeyOf(*posting)), *posting);
    posting->refusal = posted.status();
    if (!posted.ok()) {
      refused.push_back(posting);
    } else if (*posted && !posting->command.points.ledger.validate_only) {
      changed.insert(customer_id);
      attempt.traces.Add(customer_id, posting->call->traceparent);
      AppendRecord(*posting, audited);
    }
  }
  if (look_up == LookUp::kWhenRefused && !refused.empty()) {
    CLIENTELE_RETURN_IF_ERROR(LookUpRefused(attempt, refused));
  }
  if (changed.empty()) {
    return absl::OkStatus();
  }
  std::vector<LedgerBook*> saved;
  saved.reserve(changed.size());
  for (const std::string& customer_id : changed) {
    saved.push_back(&books.at(customer_id));
  }
  CLIENTELE_RETURN_IF_ERROR(SaveWithEvents(api, attempt, saved));
  return AppendAudit(api, attempt.tx, std::move(audited.records), attempt.record_time);
}

absl::Status CommitPostings(const ApiContext& api, absl::Span<sql::GroupMember* const> members,
                            absl::Time deadline) {
  std::vector<LedgerPosting*> postings;
  postings.reserve(members.size());
  for (sql::GroupMember* member : members) {
    postings.push_back(static_cast<LedgerPosting*>(member));
  }
  // Nearly all requests are new, and looking each up costs a tenth of a posting.
  const absl::Status status = CommitOnce(api, LookUp::kWhenRefused, deadline, postings);
  return sql::IsUniqueViolated(status, kEntryByCause)
             ? CommitOnce(api, LookUp::kFirst, deadline, postings)
             : status;
}

}  // namespace clientele::loyalty
