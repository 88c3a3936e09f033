#include "common/audit/call_record.h"

#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "common/audit/limits.h"
#include "common/time/time_proto.h"

namespace clientele::audit {
namespace {

namespace v1 = clientele::common::v1;

// What calls of one record have in common.
using GroupKey =
    std::tuple<Kind, absl::string_view, absl::string_view, absl::string_view, absl::string_view>;

// A record that more calls may join.
struct OpenRecord {
  v1::AuditRecord proto;
  int subject_count = 0;

  bool is_full() const {
    return proto.calls_size() >= kRecordCallsMax || subject_count >= kRecordSubjectsMax;
  }
};

void AddCall(const CallRecord& call, OpenRecord& record) {
  if (record.proto.calls().empty()) {
    record.proto.set_kind(call.kind);
    record.proto.set_principal(call.principal);
    record.proto.set_method(call.method);
    record.proto.set_code(call.code);
    record.proto.set_reason(call.reason);
  }
  v1::AuditedCall& added = *record.proto.add_calls();
  added.set_call_id(call.call_id);
  *added.mutable_time() = ToTimestamp(call.time);
  added.mutable_subjects()->Assign(call.subjects.begin(), call.subjects.end());
  record.subject_count += added.subjects_size();
}

}  // namespace

std::vector<StoredRecord> PackRecords(absl::Span<const CallRecord> calls, absl::Time record_time,
                                      UuidV7Generator& ids) {
  std::vector<StoredRecord> stored;
  const auto close = [&](const OpenRecord& record) {
    stored.push_back({ids.New(record_time), record_time, record.proto.SerializeAsString()});
  };
  absl::btree_map<GroupKey, OpenRecord> open;
  for (const CallRecord& call : calls) {
    OpenRecord& record = open[{call.kind, call.principal, call.method, call.code, call.reason}];
    if (record.is_full()) {
      close(record);
      record = OpenRecord();
    }
    AddCall(call, record);
  }
  stored.reserve(stored.size() + open.size());
  for (const auto& [key, record] : open) {
    close(record);
  }
  return stored;
}

}  // namespace clientele::audit
