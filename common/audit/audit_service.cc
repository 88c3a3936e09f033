#include "common/audit/audit_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/audit/audit_chain.h"
#include "common/audit/audit_store.h"
#include "common/audit/limits.h"
#include "common/audit/verify_log.h"
#include "common/ids/stable_hash.h"
#include "common/pagination/page_size.h"
#include "common/sql/transaction.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::audit {

namespace v1 = clientele::common::v1;

namespace {

void CheckPartition(int partition, Violations& violations) {
  if (partition < 0 || partition >= kPartitionCount) {
    violations.Add("partition", absl::StrCat("must be 0..", kPartitionCount - 1));
  }
}

sql::TxOptions TxOptionsOf(const rpc::CallContext& call) {
  return {.deadline = call.deadline, .is_cancelled = call.is_cancelled};
}

// The first position of a page; a cursor of ours always holds a number.
int64_t FirstPositionOf(const PageCursor& cursor) {
  int64_t position = 0;
  return !cursor.empty() && absl::SimpleAtoi(cursor.front(), &position) ? position : 1;
}

v1::AuditEntry ToProto(Entry entry) {
  v1::AuditEntry proto;
  if (!proto.mutable_record()->ParseFromString(entry.record.content)) {
    // It was tampered with; VerifyAuditLog says where. The bytes are shown all the same.
    proto.clear_record();
  }
  proto.set_partition(entry.partition);
  proto.set_position(entry.position);
  proto.set_record_id(std::move(entry.record.id));
  *proto.mutable_record_time() = ToTimestamp(entry.record.record_time);
  proto.set_content(std::move(entry.record.content));
  proto.set_hash(std::move(entry.hash));
  return proto;
}

v1::AuditHead ToProto(const chain::Head& head) {
  v1::AuditHead proto;
  proto.set_position(head.position);
  proto.set_hash(head.hash);
  return proto;
}

}  // namespace

AuditService::AuditService(rpc::CallPipeline& pipeline, sql::Database& database,
                           const SecretKey& key, bool is_on)
    : GrpcService(pipeline, "clientele.common.v1.AuditService"),
      database_(database),
      page_tokens_(key),
      is_on_(is_on) {
  AddUnary("ListAuditEntries", *this, &AuditService::List);
  AddUnary("VerifyAuditLog", *this, &AuditService::Verify);
}

absl::StatusOr<v1::ListAuditEntriesResponse> AuditService::List(
    rpc::CallContext& call, const v1::ListAuditEntriesRequest& request) const {
  // 1. Which page.
  Violations violations;
  CheckPartition(request.partition(), violations);
  const int page_size =
      ResolvePageSize(request.page_size(), {kPageEntriesDefault, kPageEntriesMax}, violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  const std::string arguments = absl::StrCat("ListAuditEntries ", request.partition());
  CLIENTELE_ASSIGN_OR_RETURN(const PageCursor cursor,
                             page_tokens_.Decode(request.page_token(), arguments));
  // 2. One entry more than it has, for whether there is another page.
  std::vector<Entry> entries;
  size_t byte_count = 0;
  CLIENTELE_RETURN_IF_ERROR(database_.RunReadOnly(TxOptionsOf(call), [&](sql::Tx& tx) {
    entries.clear();
    byte_count = 0;
    return ReadEntries(tx, request.partition(), FirstPositionOf(cursor), page_size + 1,
                       [&](Entry entry) {
                         if (byte_count < kPageBytesMax) {
                           byte_count += entry.record.content.size();
                           entries.push_back(std::move(entry));
                         }
                         return absl::OkStatus();
                       });
  }));
  // 3. The page.
  v1::ListAuditEntriesResponse response;
  response.set_is_off(!is_on_);
  const bool is_full = static_cast<int>(entries.size()) > page_size || byte_count >= kPageBytesMax;
  entries.resize(std::min(entries.size(), static_cast<size_t>(page_size)));
  if (is_full) {
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        page_tokens_.Encode({absl::StrCat(entries.back().position + 1)}, arguments));
  }
  for (Entry& entry : entries) {
    *response.add_entries() = ToProto(std::move(entry));
  }
  return response;
}

absl::StatusOr<v1::VerifyAuditLogResponse> AuditService::Verify(
    rpc::CallContext& call, const v1::VerifyAuditLogRequest& request) const {
  Violations violations;
  CheckPartition(request.partition(), violations);
  const v1::AuditHead& after = request.after();
  if (after.position() < 0) {
    violations.Add("after.position", "must not be negative");
  }
  if (after.hash().size() != (after.position() > 0 ? chain::kHashBytes : 0)) {
    violations.Add("after.hash", "must be 32 bytes, or none at position 0");
  }
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  CLIENTELE_ASSIGN_OR_RETURN(
      const Verdict verdict, sql::ReadIn(database_, TxOptionsOf(call), [&](sql::Tx& tx) {
        return VerifyNext(tx, request.partition(), {after.position(), after.hash()},
                          kVerifyEntriesMax);
      }));
  v1::VerifyAuditLogResponse response;
  *response.mutable_verified() = ToProto(verdict.verified);
  response.set_first_bad_position(verdict.first_bad_position);
  response.set_is_complete(verdict.is_complete);
  *response.mutable_head() = ToProto(verdict.head);
  response.set_is_off(!is_on_);
  return response;
}

}  // namespace clientele::audit
