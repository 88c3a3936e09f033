#include "services/loyalty/api/handlers/tier_reads.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/loyalty/api/converters/tier_proto.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

// Standings of some members under the program they were computed with.
struct Standings {
  Program program;
  absl::flat_hash_map<std::string, MemberStanding> by_customer_id;
};

// `customer_ids`: repeats are computed once.
absl::StatusOr<Standings> ReadStandings(const ApiContext& api, sql::Tx& tx,
                                        std::vector<std::string> customer_ids) {
  std::sort(customer_ids.begin(), customer_ids.end());
  customer_ids.erase(std::unique(customer_ids.begin(), customer_ids.end()), customer_ids.end());
  CLIENTELE_ASSIGN_OR_RETURN(Program program, LoadProgram(tx, api.configured_program));
  Standings standings{std::move(program), {}};
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Member> members, LoadMembers(tx, customer_ids));
  CLIENTELE_ASSIGN_OR_RETURN(auto histories, LoadHistories(tx, customer_ids));
  const absl::Time now = api.BusinessNow();
  for (Member& member : members) {
    std::string key = member.id.value();
    TierStanding standing = ComputeTier(standings.program, member.enroll_time,
                                        histories[key].SpendIn(standings.program), now);
    standings.by_customer_id.insert_or_assign(
        std::move(key), MemberStanding{std::move(member), std::move(standing), now});
  }
  return standings;
}

// The standing of one member, who must exist.
struct OneStanding {
  Program program;
  MemberStanding member;
};

absl::StatusOr<OneStanding> ReadStanding(const ApiContext& api, const rpc::CallContext& call,
                                         const CustomerId& customer_id) {
  return sql::ReadIn(api.database, TxOptionsOf(call),
                     [&](sql::Tx& tx) -> absl::StatusOr<OneStanding> {
                       CLIENTELE_ASSIGN_OR_RETURN(Standings standings,
                                                  ReadStandings(api, tx, {customer_id.value()}));
                       const auto found = standings.by_customer_id.find(customer_id.value());
                       if (found == standings.by_customer_id.end()) {
                         return MemberNotFound(customer_id);
                       }
                       return OneStanding{std::move(standings.program), std::move(found->second)};
                     });
}

// For how long time alone changes nothing of what is answered: neither the tier nor the window of
// civil days over which net_spend goes.
absl::Duration UnchangedFor(const Program& program, const MemberStanding& member) {
  const absl::Time day_end = StartOfDay(DayOf(member.now, program.zone) + 1, program.zone);
  return std::min(day_end, member.standing.next_change_time) - member.now;
}

// `read_begin`: by the record clock, before the standings were computed.
std::vector<cache::Record> ToRecords(const Standings& standings, absl::Time read_begin,
                                     absl::Span<const std::string> customer_ids) {
  std::vector<cache::Record> records;
  records.reserve(customer_ids.size());
  for (const std::string& customer_id : customer_ids) {
    cache::Record& record = records.emplace_back();
    const auto found = standings.by_customer_id.find(customer_id);
    if (found != standings.by_customer_id.end()) {
      record = MakeRecord(found->second.member.version, ToProto(standings.program, found->second));
      record.valid_until = read_begin + UnchangedFor(standings.program, found->second);
    }
  }
  return records;
}

}  // namespace

absl::StatusOr<std::vector<cache::Record>> TierReads::ReadCached(absl::Time deadline,
                                                                 const TierQuery& query) const {
  std::vector<cache::ReadRequest> reads;
  reads.reserve(query.customer_ids.size());
  for (const std::string& customer_id : query.customer_ids) {
    reads.push_back({customer_id, query.rule});
  }
  return api_.cache.BatchGet(
      api_.cached_tiers, reads, deadline,
      [&](absl::Span<const size_t> wanted) -> absl::StatusOr<std::vector<cache::Record>> {
        std::vector<std::string> customer_ids;
        customer_ids.reserve(wanted.size());
        for (const size_t i : wanted) {
          customer_ids.push_back(query.customer_ids[i]);
        }
        const absl::Time read_begin = api_.record_clock.Now();
        CLIENTELE_ASSIGN_OR_RETURN(
            const Standings standings,
            sql::ReadIn(api_.database, {.deadline = deadline},
                        [&](sql::Tx& tx) { return ReadStandings(api_, tx, customer_ids); }));
        return ToRecords(standings, read_begin, customer_ids);
      });
}

absl::StatusOr<v1::MemberTier> TierReads::Get(rpc::CallContext& call,
                                              const v1::GetTierRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const TierQuery query, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<cache::Record> records,
                             ReadCached(call.deadline, query));
  if (!records[0].payload.has_value()) {
    return MemberNotFound(CustomerId(query.customer_ids[0]));
  }
  v1::MemberTier tier;
  CLIENTELE_RETURN_IF_ERROR(ReadRecord(records[0], tier));
  return tier;
}

absl::StatusOr<v1::BatchGetTiersResponse> TierReads::BatchGet(
    rpc::CallContext& call, const v1::BatchGetTiersRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const TierQuery query, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<cache::Record> records,
                             ReadCached(call.deadline, query));
  v1::BatchGetTiersResponse response;
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].payload.has_value()) {
      CLIENTELE_RETURN_IF_ERROR(ReadRecord(records[i], *response.add_tiers()));
    } else {
      response.add_missing_customer_ids(query.customer_ids[i]);
    }
  }
  return response;
}

absl::StatusOr<v1::TierExplanation> TierReads::Explain(
    rpc::CallContext& call, const v1::ExplainTierRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CustomerId customer_id, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const OneStanding one, ReadStanding(api_, call, customer_id));
  return ExplainTier(one.program, one.member);
}

absl::StatusOr<v1::ListTierHistoryResponse> TierReads::ListHistory(
    rpc::CallContext& call, const v1::ListTierHistoryRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const MemberPageQuery query,
                             Validate(call, api_.page_tokens, request));
  absl::Time before = absl::InfiniteFuture();
  if (!query.cursor.empty()) {
    int64_t before_us = 0;
    if (!absl::SimpleAtoi(query.cursor.front(), &before_us)) {
      return absl::InternalError("a page token holds no number");
    }
    before = absl::FromUnixMicros(before_us);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const OneStanding one, ReadStanding(api_, call, query.customer_id));
  v1::ListTierHistoryResponse response;
  const std::vector<TierStep>& steps = one.member.standing.steps;
  absl::Time last_shown;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->occur_time >= before) {
      continue;
    }
    if (response.changes_size() == query.page_size) {
      CLIENTELE_ASSIGN_OR_RETURN(
          *response.mutable_next_page_token(),
          api_.page_tokens.Encode({absl::StrCat(absl::ToUnixMicros(last_shown))}, query.arguments));
      break;
    }
    *response.add_changes() = ToProto(one.program, *step);
    last_shown = step->occur_time;
  }
  return response;
}

}  // namespace clientele::loyalty
