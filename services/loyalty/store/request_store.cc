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

// Runs `statement` for all of `keys`; `second_of`(key) is the pair's second.
template <typename SecondOf>
absl::Status QueryByPairs(sql::Tx& tx, const KeyedStatement& statement,
                          absl::Span<const RequestKey> keys, SecondOf second_of,
                          sql::RowCallback on_row) {
  std::vector<std::string> seconds;
  seconds.reserve(keys.size());
  for (const RequestKey& key : keys) {
    seconds.push_back(second_of(key));
  }
  return sql::QueryInSizes(
      tx, statement, keys.size(),
      [&](const sql::SizedStatement& size, size_t begin) {
        std::vector<sql::Param> params(2 * size.key_count, sql::kNull);
        const size_t count = std::min(size.key_count, keys.size() - begin);
        for (size_t i = 0; i < count; ++i) {
          params[2 * i] = absl::string_view(keys[begin + i].customer_id);
          params[2 * i + 1] = absl::string_view(seconds[begin + i]);
        }
        return params;
      },
      on_row);
}

std::string RequestIdOf(const RequestKey& key) { return key.request_id; }

Reversal ReversalFromRow(const sql::Row& row) {
  return {.original_request_id = std::string(row.Text(0)),
          .request_id = std::string(row.Text(1)),
          .content_hash = std::string(row.Text(2)),
          .outcome = static_cast<ReversalOutcome>(row.Int64(3)),
          .entry_seq = row.IsNull(4) ? 0 : row.Int64(4)};
}

absl::Status LoadEntries(sql::Tx& tx, absl::Span<const RequestKey> keys,
                         RequestHistories& histories) {
  CLIENTELE_RETURN_IF_ERROR(QueryByPairs(
      tx, kSelectEntriesByCause, keys,
      [](const RequestKey& key) { return RequestCauseKey(key.request_id); },
      [&histories](const sql::Row& row) {
        Entry entry = EntryFromRow(row);
        RequestKey key{std::string(row.Text(17)), entry.cause.request_id};
        histories[std::move(key)].entry = std::move(entry);
        return absl::OkStatus();
      }));
  for (auto& [key, history] : histories) {
    if (history.entry.has_value()) {
      CLIENTELE_RETURN_IF_ERROR(LoadLotUses(tx, CustomerId(key.customer_id), *history.entry));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RequestHistories> LoadRequestHistories(sql::Tx& tx,
                                                      absl::Span<const RequestKey> keys,
                                                      HistoryScope scope) {
  RequestHistories histories;
  for (const RequestKey& key : keys) {
    histories.try_emplace(key);
  }
  if (scope == HistoryScope::kAll) {
    CLIENTELE_RETURN_IF_ERROR(LoadEntries(tx, keys, histories));
  }
  CLIENTELE_RETURN_IF_ERROR(QueryByPairs(
      tx, kSelectReversalsByRequest, keys, RequestIdOf, [&histories](const sql::Row& row) {
        Reversal reversal = ReversalFromRow(row);
        RequestKey key{std::string(row.Text(5)), reversal.request_id};
        histories[std::move(key)].reversal_by = std::move(reversal);
        return absl::OkStatus();
      }));
  CLIENTELE_RETURN_IF_ERROR(QueryByPairs(
      tx, kSelectReversalsOfOriginals, keys, RequestIdOf, [&histories](const sql::Row& row) {
        Reversal reversal = ReversalFromRow(row);
        RequestKey key{std::string(row.Text(5)), reversal.original_request_id};
        histories[std::move(key)].reversal_of = std::move(reversal);
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
