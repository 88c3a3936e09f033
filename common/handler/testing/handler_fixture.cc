#include "common/handler/testing/handler_fixture.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "clientele/common/v1/audit_service.pb.h"
#include "common/sealing/testing/test_key_ring.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/rpc/error_details.pb.h"

namespace clientele {
namespace {

constexpr sql::Statement kSelectOutbox{
    "SelectOutbox",
    "SELECT customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, record_time, "
    "data_type, payload, traceparent FROM outbox ORDER BY customer_id, feed_seq"};

constexpr sql::Statement kSelectAuditOutbox{"SelectAuditOutbox",
                                            "SELECT content FROM audit_outbox ORDER BY id"};

}  // namespace

absl::Time TestBusinessTime() {
  return absl::FromCivil(absl::CivilDay(2011, 12, 10), absl::UTCTimeZone());
}

absl::Time TestRecordTime() {
  return absl::FromCivil(absl::CivilDay(2024, 6, 1), absl::UTCTimeZone());
}

SecretKey TestKey() { return *SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k')); }

std::string MakeRequestId(int number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (details.has_value()) {
    for (const FieldViolation& violation : details->field_violations) {
      fields.push_back(violation.field);
    }
  }
  return fields;
}

std::string ReasonOf(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) {
      return info.reason();
    }
  }
  return "";
}

HandlerFixture::HandlerFixture(std::unique_ptr<sql::Database> database, Sealing sealing)
    : business_clock_(TestBusinessTime()),
      record_clock_(TestRecordTime()),
      key_(TestKey()),
      key_ring_(sealing::TestKeyRing()),
      sealing_(sealing),
      database_(std::move(database)),
      process_cache_(record_clock_) {}

HandlerParts HandlerFixture::Parts() {
  return {.database = *database_,
          .cache = process_cache_.cache(),
          .business_clock = business_clock_,
          .record_clock = record_clock_,
          .ids = ids_,
          .key = key_,
          .key_wrapper = sealing_ == Sealing::kOn ? &key_ring_ : nullptr,
          .idempotency_retention = absl::Hours(24 * 7),
          .poke_outbox = [this] { CountPoke(); }};
}

rpc::CallContext HandlerFixture::Call(common::v1::RequestIdRule rule) {
  rpc::CallContext call;
  call.method = "/test/Method";
  call.caller = std::make_shared<const rpc::Caller>("local", std::vector<std::string>{"*"});
  call.principal = call.caller->principal();
  call.request_id_rule = rule;
  return call;
}

std::vector<feed::OutboxEvent> HandlerFixture::Outbox() {
  std::vector<feed::OutboxEvent> events;
  const absl::Status status = database_->RunReadOnly({}, [&](sql::Tx& tx) {
    return tx.Query(kSelectOutbox, {}, [&](const sql::Row& row) {
      events.push_back(feed::OutboxEventFromRow(row));
      return absl::OkStatus();
    });
  });
  CLIENTELE_CHECK(status.ok());
  return events;
}

std::vector<std::string> HandlerFixture::AuditedWrites() {
  std::vector<std::string> writes;
  const absl::Status status = database_->RunReadOnly({}, [&](sql::Tx& tx) {
    return tx.Query(kSelectAuditOutbox, {}, [&](const sql::Row& row) {
      common::v1::AuditRecord record;
      CLIENTELE_CHECK(record.ParseFromString(std::string(row.Blob(0))));
      CLIENTELE_CHECK(record.kind() == common::v1::AuditRecord::KIND_WRITE);
      CLIENTELE_CHECK(record.principal() == "local" && record.code() == "OK");
      for (const common::v1::AuditedCall& call : record.calls()) {
        writes.push_back(absl::StrCat(call.call_id(), ": ", absl::StrJoin(call.subjects(), " ")));
      }
      return absl::OkStatus();
    });
  });
  CLIENTELE_CHECK(status.ok());
  return writes;
}

}  // namespace clientele
