#ifndef SERVICES_LOYALTY_API_CONVERTERS_EXPLANATION_PARTS_H_
#define SERVICES_LOYALTY_API_CONVERTERS_EXPLANATION_PARTS_H_

// The pieces an Explanation is put together from. Internal to the converters.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "clientele/common/v1/explanation.pb.h"

namespace clientele::loyalty {

inline void SetRule(absl::string_view id, int64_t version, common::v1::Explanation& proto) {
  proto.mutable_rule()->set_id(std::string(id));
  proto.mutable_rule()->set_version(version);
}

inline void AddInput(absl::string_view name, absl::string_view value, absl::string_view source,
                     common::v1::Explanation& proto) {
  common::v1::Explanation::Input& input = *proto.add_inputs();
  input.set_name(std::string(name));
  input.set_value(std::string(value));
  input.set_source(std::string(source));
}

// One comparison, written as it is read.
struct Comparison {
  std::string name;
  std::string actual;
  std::string comparison;
  std::string threshold;
};

inline void AddCheck(const Comparison& made, bool passed, common::v1::Explanation& proto) {
  common::v1::Explanation::Check& check = *proto.add_checks();
  check.set_name(made.name);
  check.set_actual(made.actual);
  check.set_operator_(made.comparison);
  check.set_threshold(made.threshold);
  check.set_passed(passed);
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_CONVERTERS_EXPLANATION_PARTS_H_
