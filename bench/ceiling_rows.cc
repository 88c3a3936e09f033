#include "bench/ceiling_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/chain/hash_chain.h"

namespace clientele::loyalty {
namespace {

// A hash in hexadecimal is as long as two UUIDs without their dashes.
std::string MakeContentHash(const std::string& request_id, const std::string& event_id) {
  return absl::StrReplaceAll(absl::StrCat(request_id, event_id), {{"-", ""}});
}

CeilingPosting PostOne(absl::Time now, UuidV7Generator& ids, CeilingMember& member) {
  --member.available;
  --member.remaining;
  ++member.version;
  CeilingPosting posting{.customer_id = member.id,
                         .seq = ++member.entry_count,
                         .feed_seq = ++member.feed_seq,
                         .balance_after = member.available,
                         .transaction_id = ids.New(now),
                         .request_id = ids.New(now),
                         .event_id = ids.New(now)};
  posting.cause_key = absl::StrCat("request/", posting.request_id);
  posting.content_hash = MakeContentHash(posting.request_id, posting.event_id);
  chain::EntryHash hash("ceiling", member.head_hash);
  hash.AddText(posting.transaction_id);
  hash.AddNumber(posting.balance_after);
  posting.hash = hash.Sum();
  member.head_hash = posting.hash;
  // As long as the event of one point is in Protocol Buffers.
  posting.payload = absl::StrCat("\n$", posting.transaction_id, "......\"\nREDEMPTION");
  return posting;
}

}  // namespace

std::vector<std::string> MembersOfBatch(int64_t begin, const LedgerOptions& options) {
  const int64_t end = begin + BatchSizeAt(begin, options);
  std::vector<std::string> ids;
  ids.reserve(end - begin);
  for (int64_t i = begin; i < end; ++i) {
    ids.push_back(MemberId(i % options.members));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<CeilingPosting> PostBatch(int64_t begin, const LedgerOptions& options, absl::Time now,
                                      UuidV7Generator& ids, std::vector<CeilingMember>& members) {
  const int64_t count = BatchSizeAt(begin, options);
  std::vector<CeilingPosting> postings;
  postings.reserve(count);
  for (int64_t i = 0; i < count; ++i) {
    postings.push_back(PostOne(now, ids, members[i % members.size()]));
  }
  return postings;
}

}  // namespace clientele::loyalty
