#include "services/complaints/store/work_store.h"

#include <array>

#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/complaints/store/sql_work.h"

namespace clientele::complaints {
namespace {

RemedyWork WorkFromRow(const sql::Row& row) {
  return {.key = {CustomerId(row.Text(0)), ComplaintId(row.Text(1)), RemedyId(row.Text(2))},
          .phase = sql::EnumAt<WorkPhase>(row, 3),
          .attempt_count = row.Int64(4),
          .next_attempt_time = sql::TimeAt(row, 5),
          .failure_reason = std::string(row.Text(6))};
}

absl::StatusOr<std::vector<RemedyWork>> QueryWork(sql::Tx& tx, const sql::Statement& statement,
                                                  absl::Span<const sql::Param> params) {
  std::vector<RemedyWork> found;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, [&found](const sql::Row& row) {
    found.push_back(WorkFromRow(row));
    return absl::OkStatus();
  }));
  return found;
}

std::array<sql::Param, 6> AttemptParams(const RemedyWork& work, absl::Time next_attempt_time) {
  return {work.key.customer_id.value(), work.key.complaint_id.value(),
          work.key.remedy_id.value(),   sql::EnumParam(work.phase),
          work.attempt_count,           sql::TimeParam(next_attempt_time)};
}

}  // namespace

absl::StatusOr<std::optional<RemedyWork>> FindWork(sql::Tx& tx, const RemedyKey& key) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::vector<RemedyWork> found,
      QueryWork(tx, kSelectWork,
                {{key.customer_id.value(), key.complaint_id.value(), key.remedy_id.value()}}));
  return found.empty() ? std::nullopt : std::optional<RemedyWork>(found.front());
}

absl::StatusOr<std::vector<RemedyWork>> ListDueWork(sql::Tx& tx, absl::Time now,
                                                    const WorkPlace& after, int64_t count_max) {
  return QueryWork(
      tx, kListDueWork,
      {{sql::TimeParam(now), sql::TimeParam(after.next_attempt_time), after.remedy_id, count_max}});
}

absl::StatusOr<std::optional<absl::Time>> NextAttemptTime(sql::Tx& tx) {
  std::optional<absl::Time> next;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectNextAttempt, {}, [&next](const sql::Row& row) {
    next = sql::TimeAt(row, 0);
    return absl::OkStatus();
  }));
  return next;
}

absl::StatusOr<bool> ClaimWork(sql::Tx& tx, const RemedyWork& work, absl::Time next_attempt_time) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t claimed_count,
                             tx.Execute(kClaimWork, AttemptParams(work, next_attempt_time)));
  return claimed_count == 1;
}

absl::Status PostponeWork(sql::Tx& tx, const RemedyWork& work, absl::Time next_attempt_time) {
  return tx.Execute(kPostponeWork, AttemptParams(work, next_attempt_time)).status();
}

absl::Status StartTakingBack(sql::Tx& tx, const RemedyKey& key, absl::Time next_attempt_time,
                             absl::string_view failure_reason) {
  return tx
      .Execute(kCompensateWork,
               {{key.customer_id.value(), key.complaint_id.value(), key.remedy_id.value(),
                 sql::TimeParam(next_attempt_time), failure_reason}})
      .status();
}

absl::Status DeleteWork(sql::Tx& tx, const RemedyKey& key) {
  return tx
      .Execute(kDeleteWork,
               {{key.customer_id.value(), key.complaint_id.value(), key.remedy_id.value()}})
      .status();
}

absl::StatusOr<std::vector<CustomerId>> ListRepairs(sql::Tx& tx, absl::string_view after_id,
                                                    int64_t count_max) {
  std::vector<CustomerId> ids;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kListRepairs, {{after_id, count_max}}, [&ids](const sql::Row& row) {
        ids.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  return ids;
}

absl::Status DeleteRepairIfDone(sql::Tx& tx, const CustomerId& id) {
  int64_t unrepaired_count = 0;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kCountUnrepaired, {{id.value()}}, [&unrepaired_count](const sql::Row& row) {
        unrepaired_count = row.Int64(0);
        return absl::OkStatus();
      }));
  if (unrepaired_count > 0) {
    return absl::OkStatus();
  }
  return tx.Execute(kDeleteRepair, {{id.value()}}).status();
}

absl::StatusOr<PendingCounts> CountPending(sql::Tx& tx) {
  PendingCounts counts;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kCountPending, {}, [&counts](const sql::Row& row) {
    counts = {.repairs = row.Int64(0), .remedies = row.Int64(1)};
    return absl::OkStatus();
  }));
  return counts;
}

absl::StatusOr<std::map<ComplaintState, int64_t>> CountOpenByState(sql::Tx& tx) {
  std::map<ComplaintState, int64_t> counts;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kCountOpenByState, {}, [&counts](const sql::Row& row) {
    counts[static_cast<ComplaintState>(row.Int64(0))] = row.Int64(1);
    return absl::OkStatus();
  }));
  return counts;
}

}  // namespace clientele::complaints
