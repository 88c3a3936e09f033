-- Every published version of every RFM model; rows never change. spec is a serialized
-- clientele.segmentation.v1.RfmModelSpec with every default filled in.
CREATE TABLE rfm_model (
  model_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  spec BYTEA NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (model_id, version)
) /* sqlite: WITHOUT ROWID */;
