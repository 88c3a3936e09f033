#ifndef SERVICES_SEGMENTATION_API_CONVERTERS_MODEL_CONVERTER_H_
#define SERVICES_SEGMENTATION_API_CONVERTERS_MODEL_CONVERTER_H_

// Between RFM models of the domain, of the store and of the contract. Pure functions.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/segmentation/v1/rfm_model.pb.h"
#include "common/status/error.h"
#include "services/segmentation/domain/cut_points.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/store/rfm_model_store.h"

namespace clientele::segmentation {

// The spec with every default filled in. Adds every violation under "<field>."; what was violated
// has some value of its type.
RfmModelSpec SpecFromProto(const v1::RfmModelSpec& spec, absl::string_view field,
                           Violations& violations);

// The other way; a spec that came from SpecFromProto comes back as equal, with its defaults.
v1::RfmModelSpec ToProto(const RfmModelSpec& spec);

// What stores keep: deterministic, so that equal specs are equal bytes.
std::string SpecToBytes(const RfmModelSpec& spec);

// INTERNAL when the bytes are not a valid spec.
absl::StatusOr<RfmModelSpec> SpecFromBytes(absl::string_view spec_bytes);

// Names the currency of a spec. INTERNAL when it is no currency of ISO 4217, which the feed's are.
absl::Status SetCurrency(absl::string_view currency_code, RfmModelSpec& spec);

// INTERNAL when the stored spec cannot be read.
absl::StatusOr<v1::RfmModel> ToProto(const RfmModelRecord& model);

v1::RfmEdges ToProto(const DimensionEdges& edges);
DimensionEdges EdgesFromProto(const v1::RfmEdges& edges);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_CONVERTERS_MODEL_CONVERTER_H_
