#include "services/segmentation/api/handlers/rfm_runs.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/handler/tx_options.h"
#include "common/handler/write_call.h"
#include "common/rpc/rpc_errors.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/api/converters/run_converter.h"
#include "services/segmentation/api/handlers/run_lookup.h"
#include "services/segmentation/api/validation/requests.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/rfm_model_store.h"

namespace clientele::segmentation {
namespace {

// The run of a page token; unset = the newest. A token of ours always holds a number.
std::optional<RunNo> RunNoFromCursor(const PageCursor& cursor) {
  int64_t number = 0;
  if (cursor.empty() || !absl::SimpleAtoi(cursor.front(), &number)) {
    return std::nullopt;
  }
  return RunNo{number};
}

}  // namespace

absl::StatusOr<v1::RfmRun> RfmRuns::Start(rpc::CallContext& call,
                                          const v1::StartRunRequest& request) const {
  // 1. What is asked for.
  CLIENTELE_ASSIGN_OR_RETURN(const StartRunCommand command, Validate(call, request));
  const auto apply = [&](sql::Tx& tx, absl::Time record_time,
                         v1::RfmRun& response) -> absl::StatusOr<WriteEffect> {
    // 2. The model and the room in the queue.
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RfmModelRecord> model,
                               FindModel(tx, command.model.model_id, command.model.version));
    if (!model.has_value()) {
      return RfmModelNotFound(command.model.model_id, command.model.version);
    }
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t waiting_count, CountWaitingRuns(tx));
    if (waiting_count >= kWaitingRunsMax) {
      return rpc::Overloaded();
    }
    // 3. The run, which the runner finds in the database.
    CLIENTELE_ASSIGN_OR_RETURN(const RfmModelSpec spec, SpecFromBytes(model->spec_bytes));
    RunRecord run{.request = {.run_id = api_.ids.New(record_time),
                              .model_id = model->model_id,
                              .model_version = model->version,
                              .spec_bytes = model->spec_bytes,
                              .as_of = command.as_of,
                              .as_of_time = StartOfDay(command.as_of, spec.zone),
                              .forced = command.forced,
                              .create_time = record_time}};
    CLIENTELE_ASSIGN_OR_RETURN(run.run_no, InsertRun(tx, run.request));
    CLIENTELE_ASSIGN_OR_RETURN(response, ToProto(run, std::nullopt, RunView::kFull));
    return WriteEffect{.changed = true};
  };
  absl::StatusOr<v1::RfmRun> run =
      RunWrite<v1::RfmRun>(api_, call, {.request_id = command.request_id}, request, apply);
  if (run.ok()) {
    api_.poke_runner();
  }
  return run;
}

absl::StatusOr<v1::RfmRun> RfmRuns::Get(rpc::CallContext& call,
                                        const v1::GetRunRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string run_id, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(
      const RunRecord run,
      ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) { return LookUpRun(tx, run_id); }));
  return ToProto(run, api_.board.Find(run.run_no), RunView::kFull);
}

absl::StatusOr<v1::ListRunsResponse> RfmRuns::List(rpc::CallContext& call,
                                                   const v1::ListRunsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PageQuery query, Validate(call, api_.page_tokens, request));
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::vector<RunRecord> runs, ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
        return ListRuns(tx, RunNoFromCursor(query.cursor), query.page_size + 1);
      }));
  v1::ListRunsResponse response;
  for (const RunRecord& run : runs) {
    if (response.runs_size() == query.page_size) {
      const int64_t last_run_no = static_cast<int64_t>(runs[query.page_size - 1].run_no);
      CLIENTELE_ASSIGN_OR_RETURN(
          *response.mutable_next_page_token(),
          api_.page_tokens.Encode({absl::StrCat(last_run_no)}, query.arguments));
      break;
    }
    CLIENTELE_ASSIGN_OR_RETURN(*response.add_runs(),
                               ToProto(run, api_.board.Find(run.run_no), RunView::kList));
  }
  return response;
}

absl::StatusOr<v1::RfmRun> RfmRuns::Cancel(rpc::CallContext& call,
                                           const v1::CancelRunRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CancelRunCommand command, Validate(call, request));
  return RunWrite<v1::RfmRun>(
      api_, call, {.request_id = command.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::RfmRun& response) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const RunRecord run, LookUpRun(tx, command.run_id));
        CLIENTELE_ASSIGN_OR_RETURN(const CancelEffect effect,
                                   PlanCancelRun(command.run_id, run.state));
        CLIENTELE_RETURN_IF_ERROR(effect == CancelEffect::kEndNow
                                      ? CancelRun(tx, run.run_no, record_time)
                                      : RequestCancel(tx, run.run_no));
        CLIENTELE_ASSIGN_OR_RETURN(const RunRecord cancelled, LookUpRun(tx, command.run_id));
        CLIENTELE_ASSIGN_OR_RETURN(response,
                                   ToProto(cancelled, api_.board.Find(run.run_no), RunView::kFull));
        return WriteEffect{.changed = true};
      });
}

}  // namespace clientele::segmentation
