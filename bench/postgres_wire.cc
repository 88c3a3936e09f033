#include "bench/postgres_wire.h"

#include <poll.h>

#include <cstdio>

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::bench {
namespace {

// Numbers of built-in types, which never change (pg_type.dat).
constexpr int32_t kByteaType = 17;
constexpr int32_t kBigintType = 20;
constexpr int32_t kTextType = 25;

constexpr int kBinary = 1;

void AppendInt32(int32_t number, std::string& bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<uint32_t>(number) >> shift));
  }
}

void AppendInt64(int64_t number, std::string& bytes) {
  AppendInt32(static_cast<int32_t>(number >> 32), bytes);
  AppendInt32(static_cast<int32_t>(number), bytes);
}

// The head of an array with one dimension and no NULL.
std::string ArrayHead(int32_t type, size_t count) {
  std::string bytes;
  for (const int32_t number : {1, 0, type, static_cast<int32_t>(count), 1}) {
    AppendInt32(number, bytes);
  }
  return bytes;
}

PostgresValue StringArray(int32_t type, const std::vector<absl::string_view>& texts) {
  std::string bytes = ArrayHead(type, texts.size());
  for (const absl::string_view text : texts) {
    AppendInt32(static_cast<int32_t>(text.size()), bytes);
    absl::StrAppend(&bytes, text);
  }
  return {std::move(bytes)};
}

void CheckResult(PGresult* result, ExecStatusType wanted, ExecStatusType or_wanted) {
  const ExecStatusType status = PQresultStatus(result);
  if (status != wanted && status != or_wanted) {
    std::fprintf(stderr, "%s", PQresultErrorMessage(result));
    CLIENTELE_CHECK(false);
  }
}

}  // namespace

PostgresValue BigintValue(int64_t number) {
  PostgresValue value;
  AppendInt64(number, value.bytes);
  return value;
}

PostgresValue BigintArray(const std::vector<int64_t>& numbers) {
  std::string bytes = ArrayHead(kBigintType, numbers.size());
  for (const int64_t number : numbers) {
    AppendInt32(sizeof(number), bytes);
    AppendInt64(number, bytes);
  }
  return {std::move(bytes)};
}

PostgresValue TextArray(const std::vector<absl::string_view>& texts) {
  return StringArray(kTextType, texts);
}

PostgresValue ByteaArray(const std::vector<absl::string_view>& texts) {
  return StringArray(kByteaType, texts);
}

int64_t PostgresRows::Bigint(int row, int column) const {
  CLIENTELE_CHECK(PQgetlength(result_.get(), row, column) == sizeof(int64_t));
  return static_cast<int64_t>(absl::big_endian::Load64(PQgetvalue(result_.get(), row, column)));
}

absl::string_view PostgresRows::Text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

PostgresWire::PostgresWire(const std::string& dsn, absl::string_view schema)
    : connection_(PQconnectdb(dsn.c_str()), &PQfinish) {
  CLIENTELE_CHECK(PQstatus(connection_.get()) == CONNECTION_OK);
  Run(absl::StrCat("SET search_path = ", schema));
}

void PostgresWire::Run(const std::string& sql) {
  CLIENTELE_CHECK(sent_count_ == 0 && PQexitPipelineMode(connection_.get()) == 1);
  PGresult* const result = PQexec(connection_.get(), sql.c_str());
  CheckResult(result, PGRES_COMMAND_OK, PGRES_TUPLES_OK);
  PQclear(result);
  CLIENTELE_CHECK(PQenterPipelineMode(connection_.get()) == 1);
}

void PostgresWire::Prepare(const char* name, const char* sql) {
  CLIENTELE_CHECK(PQsendPrepare(connection_.get(), name, sql, 0, nullptr) == 1);
  ++sent_count_;
  Finish();
}

void PostgresWire::Send(const char* name, const std::vector<PostgresValue>& values) {
  std::vector<const char*> pointers;
  std::vector<int> lengths;
  pointers.reserve(values.size());
  lengths.reserve(values.size());
  for (const PostgresValue& value : values) {
    pointers.push_back(value.bytes.data());
    lengths.push_back(static_cast<int>(value.bytes.size()));
  }
  const std::vector<int> formats(values.size(), kBinary);
  CLIENTELE_CHECK(PQsendQueryPrepared(connection_.get(), name, static_cast<int>(values.size()),
                                      pointers.data(), lengths.data(), formats.data(),
                                      kBinary) == 1);
  ++sent_count_;
}

std::vector<PostgresRows> PostgresWire::Finish() {
  PGconn* const connection = connection_.get();
  CLIENTELE_CHECK(PQpipelineSync(connection) == 1);
  std::vector<PostgresRows> found;
  found.reserve(sent_count_);
  for (; sent_count_ > 0; --sent_count_) {
    PGresult* const result = PQgetResult(connection);
    CheckResult(result, PGRES_TUPLES_OK, PGRES_COMMAND_OK);
    found.emplace_back(result);
    CLIENTELE_CHECK(PQgetResult(connection) == nullptr);  // the end of this statement
  }
  PGresult* const sync = PQgetResult(connection);
  CheckResult(sync, PGRES_PIPELINE_SYNC, PGRES_PIPELINE_SYNC);
  PQclear(sync);
  return found;
}

void PostgresWire::AwaitNotification(int milliseconds) {
  if (PGnotify* const notification = PQnotifies(connection_.get()); notification != nullptr) {
    PQfreemem(notification);
    return;
  }
  pollfd readable{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  poll(&readable, 1, milliseconds);
  CLIENTELE_CHECK(PQconsumeInput(connection_.get()) == 1);
}

}  // namespace clientele::bench
