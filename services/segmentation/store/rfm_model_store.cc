#include "services/segmentation/store/rfm_model_store.h"

#include "common/sql/errors.h"
#include "common/status/macros.h"
#include "services/segmentation/store/sql_rfm.h"

namespace clientele::segmentation {
namespace {

RfmModelRecord ModelFromRow(const sql::Row& row) {
  return {std::string(row.Text(0)), row.Int64(1), std::string(row.Blob(2)),
          absl::FromUnixMicros(row.Int64(3))};
}

}  // namespace

absl::StatusOr<std::optional<RfmModelRecord>> FindModel(sql::Tx& tx, absl::string_view model_id,
                                                        int64_t version) {
  std::optional<RfmModelRecord> model;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectRfmModel, {model_id, version}, [&model](const sql::Row& row) {
        model = ModelFromRow(row);
        return absl::OkStatus();
      }));
  return model;
}

absl::Status InsertModel(sql::Tx& tx, const RfmModelRecord& model) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const int64_t inserted,
      tx.Execute(kInsertRfmModel, {model.model_id, model.version, sql::Bytes{model.spec_bytes},
                                   absl::ToUnixMicros(model.create_time)}));
  return inserted == 1 ? absl::OkStatus()
                       : sql::TransactionConflict("rfm_model (model_id, version)");
}

absl::StatusOr<std::vector<RfmModelRecord>> ListLatestModels(sql::Tx& tx,
                                                             absl::string_view after_model_id,
                                                             int64_t limit) {
  std::vector<RfmModelRecord> models;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectRfmModelPage, {after_model_id, limit}, [&models](const sql::Row& row) {
        models.push_back(ModelFromRow(row));
        return absl::OkStatus();
      }));
  return models;
}

}  // namespace clientele::segmentation
