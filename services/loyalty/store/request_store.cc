#include "services/loyalty/store/request_store.h"

#include <algorithm>
#include <utility>

#include "common/sql/columns.h"
#include "common/sql/keyed_query.h"
#include "common/status/macros.h"
#include "services/loyalty/store/ledger_rows.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/sql_request.h"

namespace clientele::loyalty {
namespace {

// Runs `statement` for all of `pairs`, of a customer_id and what the statement pairs it with.
absl::Status QueryByPairs(sql::Tx& tx, const KeyedStatement& statement,
                          absl::Span<const RequestKey> pairs, sql::RowCallback on_row) {
  return sql::QueryInSizes(
      tx, statement, pairs.size(),
      [&](const sql::SizedStatement& size, size_t begin) {
        std::vector<sql::Param> params(2 * size.key_count, sql::kNull);
        const size_t count = std::min(size.key_count, pairs.size() - begin);
        for (size_t i = 0; i < count; ++i) {
          params[2 * i] = pairs[begin + i].customer_id;
          params[2 * i + 1] = pairs[begin + i].request_id;
        }
        return params;
      },
      on_row);
}

Reversal ReversalFromRow(const sql::Row& row) {
  return {.original_request_id = std::string(row.Text(0)),
          .request_id = std::string(row.Text(1)),
          .content_hash = std::string(row.Text(2)),
          .outcome = static_cast<ReversalOutcome>(row.Int64(3)),
          .entry_seq = row.IsNull(4) ? 0 : row.Int64(4)};
}

struct FoundEntry {
  CustomerId customer_id;
  Entry entry;
};

absl::Status LoadEntries(sql::Tx& tx, absl::Span<const RequestKey> keys,
                         RequestHistories& histories) {
  std::vector<std::string> cause_keys;
  std::vector<RequestKey> pairs;
  cause_keys.reserve(keys.size());
  pairs.reserve(keys.size());
  for (const RequestKey& key : keys) {
    pairs.push_back({key.customer_id, cause_keys.emplace_back(RequestCauseKey(key.request_id))});
  }
  std::vector<FoundEntry> found;
  CLIENTELE_RETURN_IF_ERROR(
      QueryByPairs(tx, kSelectEntriesByCause, pairs, [&found](const sql::Row& row) {
        found.push_back({CustomerId(row.Text(17)), EntryFromRow(row)});
        return absl::OkStatus();
      }));
  for (auto& [customer_id, entry] : found) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotUses(tx, customer_id, entry));
    RequestHistory& history = histories.Add({customer_id.value(), entry.cause.request_id});
    history.entry = std::move(entry);
  }
  return absl::OkStatus();
}

}  // namespace

const RequestHistory& RequestHistories::Of(const RequestKey& key) const {
  static const auto& kNothing = *new RequestHistory;
  if (known_.empty()) {
    return kNothing;
  }
  const auto found = known_.find({std::string(key.customer_id), std::string(key.request_id)});
  return found == known_.end() ? kNothing : found->second;
}

RequestHistory& RequestHistories::Add(const RequestKey& key) {
  return known_[{std::string(key.customer_id), std::string(key.request_id)}];
}

absl::StatusOr<RequestHistories> LoadRequestHistories(sql::Tx& tx,
                                                      absl::Span<const RequestKey> keys,
                                                      HistoryScope scope) {
  RequestHistories histories;
  if (scope == HistoryScope::kAll) {
    CLIENTELE_RETURN_IF_ERROR(LoadEntries(tx, keys, histories));
  }
  CLIENTELE_RETURN_IF_ERROR(
      QueryByPairs(tx, kSelectReversalsByRequest, keys, [&histories](const sql::Row& row) {
        Reversal reversal = ReversalFromRow(row);
        RequestHistory& history = histories.Add({row.Text(5), reversal.request_id});
        history.reversal_by = std::move(reversal);
        return absl::OkStatus();
      }));
  CLIENTELE_RETURN_IF_ERROR(
      QueryByPairs(tx, kSelectReversalsOfOriginals, keys, [&histories](const sql::Row& row) {
        Reversal reversal = ReversalFromRow(row);
        RequestHistory& history = histories.Add({row.Text(5), reversal.original_request_id});
        history.reversal_of = std::move(reversal);
        return absl::OkStatus();
      }));
  return histories;
}

absl::Status InsertReversal(sql::Tx& tx, const CustomerId& customer_id, const Reversal& reversal,
                            absl::Time record_time) {
  return tx
      .Execute(kInsertReversal,
               {{customer_id.value(), reversal.original_request_id, reversal.request_id,
                 reversal.content_hash, static_cast<int64_t>(reversal.outcome),
                 reversal.entry_seq == 0 ? sql::Param(sql::kNull) : sql::Param(reversal.entry_seq),
                 sql::TimeParam(record_time)}})
      .status();
}

}  // namespace clientele::loyalty
