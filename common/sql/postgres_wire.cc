#include "common/sql/postgres_wire.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/executor/call_until.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_cancel.h"
#include "common/sql/postgres_errors.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr int kBinaryFormat = 1;

// Of one poll(): its argument is an int of milliseconds.
constexpr absl::Duration kPollMax = absl::Hours(1);

// Behind the deadline of connecting, so that what went wrong before it is told first.
constexpr absl::Duration kLookUpGrace = absl::Milliseconds(100);

// How often a wait looks whether it was cancelled.
constexpr absl::Duration kCancelPoll = absl::Milliseconds(50);

// Waits until the socket is ready for one of `events`; false when `deadline` passes first, or
// `is_cancelled`, which may be null, says so.
bool WaitForSocket(int socket, short events, absl::Time deadline,
                   const std::function<bool()>& is_cancelled = nullptr) {
  const absl::Duration poll_max = is_cancelled == nullptr ? kPollMax : kCancelPoll;
  pollfd wanted = {.fd = socket, .events = events, .revents = 0};
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    // Rounded up, so that it does not spin through the last millisecond.
    const int64_t left_ms = absl::ToInt64Milliseconds(
        absl::Ceil(std::clamp(left, absl::ZeroDuration(), poll_max), absl::Milliseconds(1)));
    const int ready = poll(&wanted, 1, static_cast<int>(left_ms));
    if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return true;  // an error of the socket is for libpq to find
    }
    if (left <= absl::ZeroDuration() || (is_cancelled != nullptr && is_cancelled())) {
      return false;
    }
  }
}

// Notices go nowhere: libpq would print them.
void DropNotice(void* /*unused*/, const PGresult* /*notice*/) {}

// What an operator reads of a connection that was not made. A service has two roles, so the user is
// named where it matters.
std::string ConnectCause(const PGconn* connection, const PostgresTarget& target) {
  const absl::string_view message = PQerrorMessage(connection);
  const std::string sql_state = ConnectSqlState(message);
  if (sql_state == "28P01" || sql_state == "28000") {
    return absl::StrCat("the server does not accept the user ", PQuser(connection),
                        " or the password");
  }
  if (PQconnectionNeedsPassword(connection) == 1) {
    return absl::StrCat("the server wants a password of the user ", PQuser(connection), ": set ",
                        target.password_source());
  }
  if (sql_state == "3D000") {
    return "the server has no database of that name";
  }
  if (sql_state == "53300") {
    return "the server has too many connections already";
  }
  if (sql_state == "57P03") {
    return "the server is starting up or shutting down";
  }
  if (!sql_state.empty()) {
    return absl::StrCat("the server refuses the connection with SQLSTATE ", sql_state);
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(message, '\n');
  return absl::StrCat("no server answers there: ", absl::StripAsciiWhitespace(lines.front()));
}

// Connections under way, of a process with a pool for each of its services; who comes later waits.
constexpr int kConnectingMax = 64;
constexpr int kConnectWaitersMax = 4096;

SlotQueue& ConnectSlots() {
  static SlotQueue& slots = *new SlotQueue(kConnectingMax, kConnectWaitersMax);
  return slots;
}

PGconn* StartConnecting(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  keywords.reserve(parameters.size() + 1);
  values.reserve(parameters.size() + 1);
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* const connection =
      PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/1);
  CLIENTELE_CHECK(connection != nullptr);  // only without memory
  return connection;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresWire>> PostgresWire::Connect(const PostgresTarget& target,
                                                                    absl::Time deadline) {
  // libpq looks up names, of several hosts one after the other, and waits for name servers as long
  // as the resolver does.
  auto connected = CallUntil(ConnectSlots(), deadline + kLookUpGrace,
                             [target, deadline] { return LookUpAndConnect(target, deadline); });
  return connected.has_value()
             ? *std::move(connected)
             : DatabaseNotOpened(target.place(),
                                 "no server answers there in time, or no name server");
}

absl::StatusOr<std::unique_ptr<PostgresWire>> PostgresWire::LookUpAndConnect(
    const PostgresTarget& target, absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto parameters, target.ConnectParameters());
  std::unique_ptr<PostgresWire> wire(new PostgresWire(StartConnecting(parameters)));
  CLIENTELE_RETURN_IF_ERROR(wire->FinishConnecting(target, deadline));
  return wire;
}

absl::Status PostgresWire::FinishConnecting(const PostgresTarget& target, absl::Time deadline) {
  // The only way to learn the SQLSTATE of a refusal.
  PQsetErrorVerbosity(connection_, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(connection_, &DropNotice, nullptr);
  PostgresPollingStatusType state =
      PQstatus(connection_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (!WaitForSocket(PQsocket(connection_), state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                       deadline)) {
      return DatabaseNotOpened(target.place(), "no server answers there in time");
    }
    state = PQconnectPoll(connection_);
  }
  if (state != PGRES_POLLING_OK) {
    return DatabaseNotOpened(target.place(), ConnectCause(connection_, target));
  }
  PQsetnonblocking(connection_, 1);
  return absl::OkStatus();
}

absl::Status PostgresWire::SendScript(const std::string& text) {
  return CheckSent(PQsendQuery(connection_, text.c_str()));
}

absl::Status PostgresWire::SendPrepare(const std::string& name, const std::string& text,
                                       const std::vector<Oid>& types) {
  return CheckSent(PQsendPrepare(connection_, name.c_str(), text.c_str(),
                                 static_cast<int>(types.size()), types.data()));
}

absl::Status PostgresWire::SendPrepared(const std::string& name, const PostgresParams& params) {
  return CheckSent(PQsendQueryPrepared(connection_, name.c_str(), params.count(), params.values(),
                                       params.byte_counts(), params.formats(), kBinaryFormat));
}

absl::StatusOr<PostgresResult> PostgresWire::NextResult() {
  while (PQisBusy(connection_) != 0) {
    if (!WaitForServer()) {
      StopStatement();
      return DatabaseDeadlineExceeded();
    }
    if (PQconsumeInput(connection_) == 0) {
      break;  // the next result says why
    }
  }
  PostgresResult result(PQgetResult(connection_));
  if (result == nullptr && PQstatus(connection_) == CONNECTION_BAD) {
    return Lost();
  }
  return result;
}

// Behind a wait that failed. Of the deadline the server knows itself, so that one which has not
// kept it is not there; of a caller who has gone it is told.
void PostgresWire::StopStatement() {
  const bool has_gone = is_cancelled_ != nullptr && absl::Now() < deadline_;
  is_cancelled_ = nullptr;
  deadline_ = std::min(deadline_, absl::Now() + kServerGrace);
  if (!has_gone || !CancelStatement(connection_, deadline_) || !DrainStopped()) {
    Break();
  }
}

// Reads all that is left of the command; true when the server has said that it stopped it. Only
// then the cancel has had its effect for certain: one that came behind the end of the command, or
// that something on the way has yet to pass on, might stop what the connection is used for next.
bool PostgresWire::DrainStopped() {
  const bool in_pipeline = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
  bool is_stopped = false;
  while (true) {
    const absl::StatusOr<PostgresResult> result = NextResult();
    if (!result.ok()) {
      return false;
    }
    const ExecStatusType state =
        *result == nullptr ? PGRES_EMPTY_QUERY : PQresultStatus(result->get());
    const bool is_end = in_pipeline ? state == PGRES_PIPELINE_SYNC : *result == nullptr;
    if (is_end || state == PGRES_COPY_IN) {
      return is_stopped;
    }
    is_stopped = is_stopped || IsCancelled(result->get());
  }
}

// Waits until libpq can read, or write what it still has to; false at the deadline.
bool PostgresWire::WaitForServer() {
  const bool has_output = PQflush(connection_) == 1;
  return Wait(has_output ? POLLIN | POLLOUT : POLLIN);
}

bool PostgresWire::Wait(short events) {
  return WaitForSocket(PQsocket(connection_), events, deadline_, is_cancelled_);
}

void PostgresWire::EnterPipeline() { CLIENTELE_CHECK(PQenterPipelineMode(connection_) == 1); }

absl::Status PostgresWire::SyncPipeline() { return CheckSent(PQpipelineSync(connection_)); }

void PostgresWire::ExitPipeline() {
  // Fails when results are left, as after a lost connection.
  if (PQexitPipelineMode(connection_) != 1) {
    Break();
  }
}

absl::Status PostgresWire::SendCopyData(absl::string_view bytes) {
  CLIENTELE_RETURN_IF_ERROR(
      CheckSent(PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size()))));
  int left = PQflush(connection_);
  for (; left == 1; left = PQflush(connection_)) {
    if (!Wait(POLLIN | POLLOUT)) {
      StopStatement();  // and breaks: libpq cannot leave the COPY
      return DatabaseDeadlineExceeded();
    }
    if (PQconsumeInput(connection_) == 0) {
      return Lost();
    }
  }
  return CheckSent(left == 0 ? 1 : 0);
}

absl::Status PostgresWire::EndCopy() {
  return CheckSent(PQputCopyEnd(connection_, /*errormsg=*/nullptr));
}

bool PostgresWire::IsIdle() const {
  return !is_broken_ && PQstatus(connection_) == CONNECTION_OK &&
         PQpipelineStatus(connection_) == PQ_PIPELINE_OFF &&
         PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

absl::Status PostgresWire::CheckSent(int sent) { return sent == 1 ? absl::OkStatus() : Lost(); }

absl::Status PostgresWire::Lost() {
  Break();
  return DatabaseUnavailable(absl::StripAsciiWhitespace(PQerrorMessage(connection_)));
}

}  // namespace clientele::sql
