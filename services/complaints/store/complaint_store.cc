#include "services/complaints/store/complaint_store.h"

#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/filter/sql.h"
#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/sql/filter_params.h"
#include "common/sql/keyed_query.h"
#include "common/status/macros.h"
#include "services/complaints/store/places.h"
#include "services/complaints/store/sql_complaint.h"

namespace clientele::complaints {
namespace {

std::vector<std::string> SplitIds(absl::string_view joined) {
  return absl::StrSplit(joined, ',', absl::SkipEmpty());
}

// Without its texts.
Complaint ComplaintFromRow(const sql::Row& row) {
  Complaint complaint{.customer_id = CustomerId(row.Text(0)),
                      .id = ComplaintId(row.Text(1)),
                      .number = std::string(row.Text(2)),
                      .channel = sql::EnumAt<Channel>(row, 3),
                      .type = sql::EnumAt<Type>(row, 4),
                      .severity = static_cast<int>(row.Int64(5)),
                      .safety = row.Int64(6) != 0,
                      .language_code = std::string(row.Text(7)),
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

// Complaints as their rows come: their customers, whose keys open the texts, are known at the end.
class ComplaintRows {
 public:
  absl::Status Add(const sql::Row& row) {
    complaints_.push_back(ComplaintFromRow(row));
    for (const ComplaintText& text : kComplaintTexts) {
      complaints_.back().*text.text = std::string(row.Text(text.plain_column));
      sealed_.push_back(row.IsNull(text.sealed_column)
                            ? std::nullopt
                            : std::optional<std::string>(row.Blob(text.sealed_column)));
    }
    return absl::OkStatus();
  }

  // The complaints with their texts and remedies.
  absl::StatusOr<std::vector<Complaint>> Open(sql::Tx& tx, const sealing::Vault& vault) &&;

 private:
  absl::Status OpenTexts(const sealing::CustomerKeys& keys);

  std::vector<Complaint> complaints_;
  std::vector<std::optional<std::string>> sealed_;  // of each complaint in the order of the texts
};

// Without its description.
Remedy RemedyFromRow(const sql::Row& row) {
  return {.id = RemedyId(row.Text(0)),
          .kind = sql::EnumAt<RemedyKind>(row, 1),
          .state = sql::EnumAt<RemedyState>(row, 2),
          .points = row.Int64(3),
          .description = "",
          .failure_reason = std::string(row.Text(5)),
          .ledger_transaction_id = std::string(row.Text(6)),
          .proposer = std::string(row.Text(7)),
          .approver = std::string(row.Text(8)),
          .create_time = sql::TimeAt(row, 9),
          .update_time = sql::TimeAt(row, 10)};
}

// Without its text.
TimelineEntry EntryFromRow(const sql::Row& row) {
  return {.number = row.Int64(0),
          .kind = sql::EnumAt<TimelineKind>(row, 1),
          .actor = std::string(row.Text(2)),
          .occur_time = sql::TimeAt(row, 3),
          .record_time = sql::TimeAt(row, 4),
          .text = "",
          .previous_state = sql::EnumAt<ComplaintState>(row, 6),
          .state = sql::EnumAt<ComplaintState>(row, 7),
          .assignee_id = StaffId(row.Text(8)),
          .remedy_id = RemedyId(row.Text(9)),
          .remedy_state = sql::EnumAt<RemedyState>(row, 10),
          .previous_priority_rank = static_cast<int>(row.Int64(11)),
          .priority_rank = static_cast<int>(row.Int64(12)),
          .verification = static_cast<int>(row.Int64(13))};
}

// Without their descriptions when `keys` is null.
absl::Status LoadRemedies(sql::Tx& tx, const sealing::CustomerKeys* keys, Complaint& complaint) {
  const std::string& customer_id = complaint.customer_id.value();
  const std::string& id = complaint.id.value();
  return tx.Query(kSelectRemedies, {{customer_id, id}}, [&](const sql::Row& row) -> absl::Status {
    complaint.remedies.push_back(RemedyFromRow(row));
    if (keys == nullptr) {
      return absl::OkStatus();
    }
    CLIENTELE_ASSIGN_OR_RETURN(
        sealing::OpenedText description,
        sealing::ReadText(*keys, RemedyPlace(customer_id, RemedyRow(id, row.Text(0))), row, 4, 11));
    complaint.remedies.back().description = std::move(description.text);
    return absl::OkStatus();
  });
}

absl::Status ComplaintRows::OpenTexts(const sealing::CustomerKeys& keys) {
  auto sealed = sealed_.begin();
  for (Complaint& complaint : complaints_) {
    for (const ComplaintText& text : kComplaintTexts) {
      const std::optional<std::string>& bytes = *sealed++;
      if (!bytes.has_value()) {
        continue;
      }
      CLIENTELE_ASSIGN_OR_RETURN(sealing::OpenedText opened,
                                 keys.Open(PlaceOf(complaint, text), *bytes));
      complaint.*text.text = std::move(opened.text);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Complaint>> ComplaintRows::Open(sql::Tx& tx,
                                                           const sealing::Vault& vault) && {
  std::vector<std::string> customer_ids;
  customer_ids.reserve(complaints_.size());
  for (const Complaint& complaint : complaints_) {
    customer_ids.push_back(complaint.customer_id.value());
  }
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.Load(tx, std::move(customer_ids)));
  CLIENTELE_RETURN_IF_ERROR(OpenTexts(keys));
  for (Complaint& complaint : complaints_) {
    CLIENTELE_RETURN_IF_ERROR(LoadRemedies(tx, &keys, complaint));
  }
  return std::move(complaints_);
}

absl::StatusOr<std::vector<Complaint>> QueryWithoutTexts(sql::Tx& tx,
                                                         const sql::Statement& statement,
                                                         absl::Span<const sql::Param> params) {
  std::vector<Complaint> complaints;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, [&complaints](const sql::Row& row) {
    complaints.push_back(ComplaintFromRow(row));
    return absl::OkStatus();
  }));
  for (Complaint& complaint : complaints) {
    CLIENTELE_RETURN_IF_ERROR(LoadRemedies(tx, nullptr, complaint));
  }
  return complaints;
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

absl::Status LockCustomers(sql::Tx& tx, std::vector<std::string> customer_ids) {
  sql::SortAndUnique(customer_ids);
  return tx.LockRows("complaint_customer", "customer_id", customer_ids);
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

absl::StatusOr<std::optional<Complaint>> FindComplaint(sql::Tx& tx, const sealing::Vault& vault,
                                                       const CustomerId& customer_id,
                                                       const ComplaintId& id) {
  ComplaintRows rows;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectComplaint, {{customer_id.value(), id.value()}},
                                     [&rows](const sql::Row& row) { return rows.Add(row); }));
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Complaint> found, std::move(rows).Open(tx, vault));
  return found.empty() ? std::nullopt : std::optional<Complaint>(std::move(found.front()));
}

absl::StatusOr<std::optional<Complaint>> FindComplaintWithoutTexts(sql::Tx& tx,
                                                                   const CustomerId& customer_id,
                                                                   const ComplaintId& id) {
  CLIENTELE_ASSIGN_OR_RETURN(
      std::vector<Complaint> found,
      QueryWithoutTexts(tx, kSelectComplaint, {{customer_id.value(), id.value()}}));
  return found.empty() ? std::nullopt : std::optional<Complaint>(std::move(found.front()));
}

absl::StatusOr<std::optional<Complaint>> FindComplaintByNumber(sql::Tx& tx,
                                                               const sealing::Vault& vault,
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
  return FindComplaint(tx, vault, customer_id, id);
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

absl::StatusOr<std::vector<Complaint>> ListComplaints(sql::Tx& tx, const sealing::Vault& vault,
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
  ComplaintRows rows;
  CLIENTELE_RETURN_IF_ERROR(tx.QueryText(kListComplaintsName, text, params,
                                         [&rows](const sql::Row& row) { return rows.Add(row); }));
  return std::move(rows).Open(tx, vault);
}

absl::StatusOr<std::vector<Complaint>> ListLearners(sql::Tx& tx, const CustomerId& customer_id,
                                                    const CustomerKnowledge& knowledge,
                                                    int64_t count_max) {
  const int64_t wants_existence = knowledge.exists.has_value() ? 1 : 0;
  const int64_t tier = knowledge.tier.has_value() ? static_cast<int64_t>(*knowledge.tier) : 0;
  return QueryWithoutTexts(tx, kSelectLearners,
                           {{customer_id.value(), wants_existence, tier, count_max}});
}

absl::StatusOr<std::vector<TimelineEntry>> ListEntries(sql::Tx& tx, const sealing::Vault& vault,
                                                       const CustomerId& customer_id,
                                                       const ComplaintId& id, int64_t after_number,
                                                       int64_t count_max) {
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.Load(tx, {customer_id.value()}));
  std::vector<TimelineEntry> entries;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kListEntries, {{customer_id.value(), id.value(), after_number, count_max}},
      [&](const sql::Row& row) -> absl::Status {
        entries.push_back(EntryFromRow(row));
        const std::string entry_row = EntryRow(id.value(), row.Int64(0));
        CLIENTELE_ASSIGN_OR_RETURN(
            sealing::OpenedText text,
            sealing::ReadText(keys, EntryPlace(customer_id.value(), entry_row), row, 5, 14));
        entries.back().text = std::move(text.text);
        return absl::OkStatus();
      }));
  return entries;
}

}  // namespace clientele::complaints
