#include "services/loyalty/store/ledger_chain_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/loyalty/domain/ledger_chain.h"
#include "services/loyalty/store/ledger_rows.h"
#include "services/loyalty/store/sql_ledger_chain.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kAllSeqs = std::numeric_limits<int64_t>::max();

// A member with the entries behind a place, as stored.
struct ChainMember {
  CustomerId customer_id;
  ChainEnd end;                     // as its row has it
  std::vector<Entry> entries;       // by seq
  int64_t first_stray_use_seq = 0;  // the first entry that is not there, but lots it used; 0 = none
};

// Members behind a place, by customer_id.
struct Chains {
  std::vector<ChainMember> members;
  bool is_cut = false;  // there may be more members, or entries of the last one

  // Whether entries of `member` may be missing behind those read.
  bool GoesOn(const ChainMember& member) const {
    return is_cut && &member == &members.back() && !member.entries.empty();
  }
};

Entry ChainEntryFromRow(const sql::Row& row) {
  Entry entry = EntryFromRow(row);
  if (!row.IsNull(17)) {
    entry.lot_uses.push_back({.lot_seq = row.Int64(17), .lot_id = {}, .points = row.Int64(18)});
  }
  entry.hash = sql::BytesAt(row, 19);
  return entry;
}

void AddRow(const sql::Row& row, std::vector<ChainMember>& members) {
  const CustomerId customer_id(row.Text(20));
  if (members.empty() || members.back().customer_id != customer_id) {
    members.push_back(
        {.customer_id = customer_id,
         .end = {.head = {row.Int64(22), sql::BytesAt(row, 23)}, .entry_count = row.Int64(21)}});
  }
  if (!row.IsNull(0)) {
    members.back().entries.push_back(ChainEntryFromRow(row));
  }
}

// Adds a use to its entry. That is among those read, unless somebody took it out or it is newer
// than the member's row.
void AddUse(int64_t entry_seq, LotUse use, ChainMember& member) {
  const auto entry = std::lower_bound(member.entries.begin(), member.entries.end(), entry_seq,
                                      [](const Entry& e, int64_t seq) { return e.seq < seq; });
  if (entry != member.entries.end() && entry->seq == entry_seq) {
    entry->lot_uses.push_back(std::move(use));
  } else if (member.first_stray_use_seq == 0 && entry_seq <= member.end.entry_count) {
    member.first_stray_use_seq = std::max<int64_t>(entry_seq, 1);
  }
}

// Adds the uses of entries behind `from`, up to `to`, to `members`.
absl::Status AddLotUses(sql::Tx& tx, std::pair<absl::string_view, int64_t> from,
                        std::pair<absl::string_view, int64_t> to,
                        std::vector<ChainMember>& members) {
  absl::flat_hash_map<absl::string_view, ChainMember*> by_id;
  for (ChainMember& member : members) {
    by_id.emplace(member.customer_id.value(), &member);
  }
  return tx.Query(kSelectChainLotUses, {{from.first, from.second, to.first, to.second}},
                  [&by_id](const sql::Row& row) {
                    const auto member = by_id.find(row.Text(0));
                    if (member != by_id.end()) {
                      AddUse(row.Int64(1),
                             {.lot_seq = row.Int64(2), .lot_id = {}, .points = row.Int64(3)},
                             *member->second);
                    }
                    return absl::OkStatus();
                  });
}

absl::StatusOr<Chains> ReadChains(sql::Tx& tx, const ChainPlace& place, int64_t rows_max) {
  Chains chains;
  int64_t row_count = 0;
  const std::string begun_id = place.begun.has_value() ? place.begun->customer_id.value() : "";
  const int64_t begun_seq = place.begun.has_value() ? place.begun->entry.position : 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectChains,
                                     {{place.after_customer_id, begun_id, begun_seq, rows_max}},
                                     [&](const sql::Row& row) {
                                       ++row_count;
                                       AddRow(row, chains.members);
                                       return absl::OkStatus();
                                     }));
  chains.is_cut = row_count == rows_max;
  if (chains.members.empty()) {
    return chains;
  }
  const ChainMember& last = chains.members.back();
  CLIENTELE_RETURN_IF_ERROR(AddLotUses(
      tx,
      place.begun.has_value()
          ? std::pair<absl::string_view, int64_t>(begun_id, begun_seq)
          : std::pair<absl::string_view, int64_t>(place.after_customer_id, kAllSeqs),
      {last.customer_id.value(), chains.GoesOn(last) ? last.entries.back().seq : kAllSeqs},
      chains.members));
  return chains;
}

// The earlier one of two seqs that are bad; 0 = none.
int64_t EarlierSeq(int64_t a, int64_t b) {
  return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

// What of `chains` is as written; `next` is where the rest begins.
ChainPage Check(const ChainPlace& place, const Chains& chains) {
  ChainPage page;
  ChainPlace next{place.after_customer_id, std::nullopt};
  for (const ChainMember& member : chains.members) {
    const bool has_begun =
        place.begun.has_value() && place.begun->customer_id == member.customer_id;
    chain::Verifier verifier(has_begun ? place.begun->entry : chain::Head());
    for (const Entry& entry : member.entries) {
      Accept(member.customer_id, member.end, entry, verifier);
    }
    if (!chains.GoesOn(member)) {
      AcceptEnd(member.end, verifier);
    }
    const int64_t first_bad_seq =
        EarlierSeq(verifier.first_bad_position(), member.first_stray_use_seq);
    if (first_bad_seq == 0 && chains.GoesOn(member)) {
      next.begun = LedgerHead{member.customer_id, verifier.verified()};
      break;
    }
    if (first_bad_seq == 0) {
      page.heads.push_back({member.customer_id, member.end.head});
    } else {
      page.broken.push_back({member.customer_id, first_bad_seq});
    }
    next.after_customer_id = member.customer_id.value();
  }
  if (chains.is_cut) {
    page.next = std::move(next);
  }
  return page;
}

// Entries of nobody, among the customers that a page has gone past. When there are too many of them
// the page ends behind the last one told: ids are ordered here as in the database, by their bytes.
absl::Status AddStrays(sql::Tx& tx, const ChainPlace& place, int64_t limit, ChainPage& page) {
  const sql::Param last = page.next.has_value()
                              ? sql::Param(absl::string_view(page.next->after_customer_id))
                              : sql::Param(sql::kNull);
  std::vector<BrokenChain> strays;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectStrayEntries, {{place.after_customer_id, last, limit}},
                                     [&strays](const sql::Row& row) {
                                       strays.push_back({CustomerId(row.Text(0)), row.Int64(1)});
                                       return absl::OkStatus();
                                     }));
  if (static_cast<int64_t>(strays.size()) == limit) {
    const std::string& end = strays.back().customer_id.value();
    const auto is_behind = [&end](const auto& found) { return found.customer_id.value() > end; };
    std::erase_if(page.heads, is_behind);
    std::erase_if(page.broken, is_behind);
    page.next = {end, std::nullopt};
  }
  page.broken.insert(page.broken.end(), strays.begin(), strays.end());
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadEntryHash(sql::Tx& tx, const CustomerId& customer_id, int64_t seq) {
  std::string hash;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectEntryHash, {{customer_id.value(), seq}}, [&hash](const sql::Row& row) {
        hash = sql::BytesAt(row, 0);
        return absl::OkStatus();
      }));
  return hash;
}

// `place`, where an entry that was not chained when the page before ended may have been since.
absl::StatusOr<ChainPlace> PlaceNow(sql::Tx& tx, ChainPlace place) {
  if (place.begun.has_value() && place.begun->entry.hash.empty()) {
    chain::Head& entry = place.begun->entry;
    CLIENTELE_ASSIGN_OR_RETURN(entry.hash,
                               ReadEntryHash(tx, place.begun->customer_id, entry.position));
  }
  return place;
}

}  // namespace

absl::StatusOr<ChainPage> CheckChains(sql::Tx& tx, const ChainPlace& place,
                                      const ChainPageLimits& limits) {
  CLIENTELE_ASSIGN_OR_RETURN(const ChainPlace begin, PlaceNow(tx, place));
  CLIENTELE_ASSIGN_OR_RETURN(const Chains chains, ReadChains(tx, begin, limits.rows_max));
  ChainPage page = Check(begin, chains);
  CLIENTELE_RETURN_IF_ERROR(AddStrays(tx, begin, limits.strays_max, page));
  return page;
}

absl::StatusOr<std::vector<Entry>> ReadEntriesBehind(sql::Tx& tx, const CustomerId& customer_id,
                                                     int64_t seq, int64_t limit) {
  std::vector<ChainMember> members(1);
  ChainMember& member = members.front();
  member.customer_id = customer_id;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectEntriesBehind, {{customer_id.value(), seq, limit}},
                                     [&member](const sql::Row& row) {
                                       member.entries.push_back(ChainEntryFromRow(row));
                                       return absl::OkStatus();
                                     }));
  if (!member.entries.empty()) {
    CLIENTELE_RETURN_IF_ERROR(AddLotUses(
        tx, {customer_id.value(), seq}, {customer_id.value(), member.entries.back().seq}, members));
  }
  return std::move(member.entries);
}

absl::StatusOr<std::vector<BrokenChain>> FindLostHeads(sql::Tx& tx,
                                                       absl::Span<const LedgerHead> heads) {
  std::vector<BrokenChain> lost;
  for (const LedgerHead& head : heads) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::string hash,
                               ReadEntryHash(tx, head.customer_id, head.entry.position));
    if (hash != head.entry.hash) {
      lost.push_back({head.customer_id, head.entry.position});
    }
  }
  return lost;
}

}  // namespace clientele::loyalty
