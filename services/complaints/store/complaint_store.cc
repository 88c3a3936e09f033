#include "services/complaints/store/complaint_store.h"

#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/filter/sql.h"
#include "common/sql/columns.h"
#include "common/sql/filter_params.h"
#include "common/status/macros.h"
#include "services/complaints/store/sql_complaint.h"

namespace clientele::complaints {
namespace {

std::vector<std::string> SplitIds(absl::string_view joined) {
  return absl::StrSplit(joined, ',', absl::SkipEmpty());
}

Complaint ComplaintFromRow(const sql::Row& row) {
  Complaint complaint{.customer_id = CustomerId(row.Text(0)),
                      .id = ComplaintId(row.Text(1)),
                      .number = std::string(row.Text(2)),
                      .channel = sql::EnumAt<Channel>(row, 3),
                      .type = sql::EnumAt<Type>(row, 4),
                      .severity = static_cast<int>(row.Int64(5)),
                      .safety = row.Int64(6) != 0,
                      .language_code = std::string(row.Text(7)),
                      .subject = std::string(row.Text(8)),
                      .description = std::string(row.Text(9)),
                      .desired_remedy = std::string(row.Text(10)),
                      .resolution = std::string(row.Text(11)),
                      .purchase_ids = SplitIds(row.Text(12)),
                      .assignee_id = StaffId(row.Text(14)),
                      .state = sql::EnumAt<ComplaintState>(row, 15),
                      .finding = sql::EnumAt<Finding>(row, 16),
                      .relief = sql::EnumAt<Relief>(row, 17),
                      .occur_time = sql::TimeAt(row, 18),
                      .record_time = sql::TimeAt(row, 19),
                      .update_time = sql::TimeAt(row, 20),
                      .acknowledge_time = sql::OptionalTimeAt(row, 21),
                      .resolve_time = sql::OptionalTimeAt(row, 22),
                      .close_time = sql::OptionalTimeAt(row, 23),
                      .reopen_count = static_cast<int32_t>(row.Int64(24)),
                      .tier = sql::EnumAt<Tier>(row, 25),
                      .priority_rank = static_cast<int>(row.Int64(26)),
                      .verification = sql::EnumAt<Verification>(row, 27),
                      .version = row.Int64(28),
                      .entry_count = row.Int64(29)};
  for (const std::string& id : SplitIds(row.Text(13))) {
    complaint.concerned_staff_ids.emplace_back(id);
  }
  return complaint;
}

Remedy RemedyFromRow(const sql::Row& row) {
  return {.id = RemedyId(row.Text(0)),
          .kind = sql::EnumAt<RemedyKind>(row, 1),
          .state = sql::EnumAt<RemedyState>(row, 2),
          .points = row.Int64(3),
          .description = std::string(row.Text(4)),
          .failure_reason = std::string(row.Text(5)),
          .ledger_transaction_id = std::string(row.Text(6)),
          .proposer = std::string(row.Text(7)),
          .approver = std::string(row.Text(8)),
          .create_time = sql::TimeAt(row, 9),
          .update_time = sql::TimeAt(row, 10)};
}

TimelineEntry EntryFromRow(const sql::Row& row) {
  return {.number = row.Int64(0),
          .kind = sql::EnumAt<TimelineKind>(row, 1),
          .actor = std::string(row.Text(2)),
          .occur_time = sql::TimeAt(row, 3),
          .record_time = sql::TimeAt(row, 4),
          .text = std::string(row.Text(5)),
          .previous_state = sql::EnumAt<ComplaintState>(row, 6),
          .state = sql::EnumAt<ComplaintState>(row, 7),
          .assignee_id = StaffId(row.Text(8)),
          .remedy_id = RemedyId(row.Text(9)),
          .remedy_state = sql::EnumAt<RemedyState>(row, 10),
          .previous_priority_rank = static_cast<int>(row.Int64(11)),
          .priority_rank = static_cast<int>(row.Int64(12)),
          .verification = static_cast<int>(row.Int64(13))};
}

absl::Status LoadRemedies(sql::Tx& tx, std::vector<Complaint>& complaints) {
  for (Complaint& complaint : complaints) {
    CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectRemedies,
                                       {{complaint.customer_id.value(), complaint.id.value()}},
                                       [&complaint](const sql::Row& row) {
                                         complaint.remedies.push_back(RemedyFromRow(row));
                                         return absl::OkStatus();
                                       }));
  }
  return absl::OkStatus();
}

// Before the first page of each order.
ComplaintPosition StartOf(ComplaintOrder order) {
  ComplaintPosition start;
  start.record_us = order == ComplaintOrder::kNewestFirst ? std::numeric_limits<int64_t>::max()
                                                          : std::numeric_limits<int64_t>::min();
  return start;
}

}  // namespace

absl::Status LockCustomer(sql::Tx& tx, absl::string_view customer_id) {
  const std::string key(customer_id);
  return tx.LockRows("complaint_customer", "customer_id", {&key, 1});
}

absl::StatusOr<std::optional<CustomerRecord>> FindCustomer(sql::Tx& tx, const CustomerId& id) {
  std::optional<CustomerRecord> found;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectCustomer, {{id.value()}}, [&found](const sql::Row& row) {
        found = CustomerRecord{.id = CustomerId(row.Text(0)),
                               .feed_seq = row.Int64(1),
                               .tier = sql::EnumAt<Tier>(row, 2),
                               .tier_revision = row.Int64(3),
                               .tier_feed_seq = row.Int64(4)};
        return absl::OkStatus();
      }));
  return found;
}

absl::StatusOr<std::optional<Complaint>> FindComplaint(sql::Tx& tx, const CustomerId& customer_id,
                                                       const ComplaintId& id) {
  std::vector<Complaint> found;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectComplaint, {{customer_id.value(), id.value()}},
                                     [&found](const sql::Row& row) {
                                       found.push_back(ComplaintFromRow(row));
                                       return absl::OkStatus();
                                     }));
  CLIENTELE_RETURN_IF_ERROR(LoadRemedies(tx, found));
  return found.empty() ? std::nullopt : std::optional<Complaint>(std::move(found.front()));
}

absl::StatusOr<std::optional<Complaint>> FindComplaintByNumber(sql::Tx& tx,
                                                               absl::string_view number) {
  CustomerId customer_id;
  ComplaintId id;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectNumber, {{number}}, [&](const sql::Row& row) {
    customer_id = CustomerId(row.Text(0));
    id = ComplaintId(row.Text(1));
    return absl::OkStatus();
  }));
  if (id.empty()) {
    return std::optional<Complaint>();
  }
  return FindComplaint(tx, customer_id, id);
}

absl::StatusOr<int64_t> CountOpenComplaints(sql::Tx& tx, const CustomerId& customer_id) {
  int64_t count = 0;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kCountOpenComplaints, {{customer_id.value()}}, [&count](const sql::Row& row) {
        count = row.Int64(0);
        return absl::OkStatus();
      }));
  return count;
}

absl::StatusOr<std::vector<Complaint>> ListComplaints(sql::Tx& tx,
                                                      const ComplaintListQuery& query) {
  const ComplaintPosition after = query.after.value_or(StartOf(query.order));
  const bool by_priority = query.order == ComplaintOrder::kMostUrgentFirst;
  std::vector<sql::Param> params = {query.customer_id.value(), query.count_max, after.record_us,
                                    after.customer_id, after.complaint_id};
  if (by_priority) {
    params.emplace_back(after.priority_rank);
  }
  const SqlCondition condition = CompileToSql(query.filter, static_cast<int>(params.size()) + 1);
  sql::AppendFilterParams(condition.values, params);
  const std::string text =
      absl::StrCat(kSelectComplaintHead, query.customer_id.empty() ? kListOfAll : kListOfOne,
                   " AND ", condition.text, by_priority ? kListMostUrgentFirst : kListNewestFirst);
  std::vector<Complaint> page;
  CLIENTELE_RETURN_IF_ERROR(
      tx.QueryText(kListComplaintsName, text, params, [&page](const sql::Row& row) {
        page.push_back(ComplaintFromRow(row));
        return absl::OkStatus();
      }));
  CLIENTELE_RETURN_IF_ERROR(LoadRemedies(tx, page));
  return page;
}

absl::StatusOr<std::vector<Complaint>> ListLearners(sql::Tx& tx, const CustomerId& customer_id,
                                                    const CustomerKnowledge& knowledge,
                                                    int64_t count_max) {
  const int64_t wants_existence = knowledge.exists.has_value() ? 1 : 0;
  const int64_t tier = knowledge.tier.has_value() ? static_cast<int64_t>(*knowledge.tier) : 0;
  std::vector<Complaint> learners;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectLearners,
                                     {{customer_id.value(), wants_existence, tier, count_max}},
                                     [&learners](const sql::Row& row) {
                                       learners.push_back(ComplaintFromRow(row));
                                       return absl::OkStatus();
                                     }));
  CLIENTELE_RETURN_IF_ERROR(LoadRemedies(tx, learners));
  return learners;
}

absl::StatusOr<std::vector<TimelineEntry>> ListEntries(sql::Tx& tx, const CustomerId& customer_id,
                                                       const ComplaintId& id, int64_t after_number,
                                                       int64_t count_max) {
  std::vector<TimelineEntry> entries;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kListEntries,
                                     {{customer_id.value(), id.value(), after_number, count_max}},
                                     [&entries](const sql::Row& row) {
                                       entries.push_back(EntryFromRow(row));
                                       return absl::OkStatus();
                                     }));
  return entries;
}

}  // namespace clientele::complaints
