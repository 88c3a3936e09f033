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
  std::string content;  // a serialized AuditRecord
  int call_count = 0;
  int subject_count = 0;

  bool is_full() const {
    return call_count >= kRecordCallsMax || subject_count >= kRecordSubjectsMax;
  }
};

std::string SerializeWithoutCalls(const CallRecord& call) {
  v1::AuditRecord record;
  record.set_kind(call.kind);
  record.set_principal(call.principal);
  record.set_method(call.method);
  record.set_code(call.code);
  record.set_reason(call.reason);
  return record.SerializeAsString();
}

// Adds calls to records that are serialized already: the bytes of a message with one call and
// nothing else, behind those of a record, are the record with that call. One message serves all
// calls and keeps its memory, as a replica tells of thousands a second.
class CallAppender {
 public:
  CallAppender() : call_(*message_.add_calls()) {}

  void Append(const CallRecord& call, OpenRecord& record) {
    if (record.call_count == 0) {
      record.content = SerializeWithoutCalls(call);
    }
    call_.set_call_id(call.call_id);
    *call_.mutable_time() = ToTimestamp(call.time);
    call_.mutable_subjects()->Assign(call.subjects.begin(), call.subjects.end());
    message_.AppendToString(&record.content);
    ++record.call_count;
    record.subject_count += call_.subjects_size();
  }

 private:
  v1::AuditRecord message_;
  v1::AuditedCall& call_;  // of message_
};

}  // namespace

std::vector<StoredRecord> PackRecords(absl::Span<const CallRecord> calls, absl::Time record_time,
                                      UuidV7Generator& ids) {
  std::vector<StoredRecord> stored;
  const auto close = [&](OpenRecord& record) {
    stored.push_back({ids.New(record_time), record_time, std::move(record.content)});
    record = OpenRecord();
  };
  CallAppender appender;
  absl::btree_map<GroupKey, OpenRecord> open;
  for (const CallRecord& call : calls) {
    OpenRecord& record = open[{call.kind, call.principal, call.method, call.code, call.reason}];
    if (record.is_full()) {
      close(record);
    }
    appender.Append(call, record);
  }
  stored.reserve(stored.size() + open.size());
  for (auto& [key, record] : open) {
    close(record);
  }
  return stored;
}

}  // namespace clientele::audit
