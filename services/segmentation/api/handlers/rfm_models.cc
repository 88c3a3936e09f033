#include "services/segmentation/api/handlers/rfm_models.h"

#include <optional>
#include <string>
#include <vector>

#include "common/handler/tx_options.h"
#include "common/handler/write_call.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/api/validation/requests.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/store/rfm_model_store.h"

namespace clientele::segmentation {

absl::StatusOr<v1::RfmModel> RfmModels::Publish(rpc::CallContext& call,
                                                const v1::PublishRfmModelRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PublishModelCommand command, Validate(call, request));
  RfmModelRecord model{.model_id = command.model_id, .spec_bytes = SpecToBytes(command.spec)};
  return RunWrite<v1::RfmModel>(
      api_, call, {.request_id = command.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::RfmModel& response) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RfmModelRecord> latest,
                                   FindModel(tx, model.model_id, 0));
        if (latest.has_value() && latest->spec_bytes == model.spec_bytes) {
          // Remembered as well: a repetition must not publish what has been replaced since.
          CLIENTELE_ASSIGN_OR_RETURN(response, ToProto(*latest));
          return WriteEffect{.changed = true};
        }
        model.version = latest.has_value() ? latest->version + 1 : 1;
        model.create_time = record_time;
        CLIENTELE_RETURN_IF_ERROR(InsertModel(tx, model));
        CLIENTELE_ASSIGN_OR_RETURN(response, ToProto(model));
        return WriteEffect{.changed = true};
      });
}

absl::StatusOr<v1::RfmModel> RfmModels::Get(rpc::CallContext& call,
                                            const v1::GetRfmModelRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ModelQuery query, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RfmModelRecord> model,
                             ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return FindModel(tx, query.model_id, query.version);
                             }));
  if (!model.has_value()) {
    return RfmModelNotFound(query.model_id, query.version);
  }
  return ToProto(*model);
}

absl::StatusOr<v1::ListRfmModelsResponse> RfmModels::List(
    rpc::CallContext& call, const v1::ListRfmModelsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PageQuery query, Validate(call, api_.page_tokens, request));
  const std::string after_model_id = query.cursor.empty() ? "" : query.cursor.front();
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<RfmModelRecord> models,
                             ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return ListLatestModels(tx, after_model_id, query.page_size + 1);
                             }));
  v1::ListRfmModelsResponse response;
  for (const RfmModelRecord& model : models) {
    if (response.models_size() == query.page_size) {
      CLIENTELE_ASSIGN_OR_RETURN(
          *response.mutable_next_page_token(),
          api_.page_tokens.Encode({response.models().rbegin()->model_id()}, query.arguments));
      break;
    }
    CLIENTELE_ASSIGN_OR_RETURN(*response.add_models(), ToProto(model));
  }
  return response;
}

}  // namespace clientele::segmentation
