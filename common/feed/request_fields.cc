#include "common/feed/request_fields.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/feed/limits.h"

namespace clientele::feed {

PartitionSet ReadPartitions(const google::protobuf::RepeatedField<int32_t>& partitions,
                            Violations& violations) {
  if (partitions.empty()) {
    return AllPartitions();
  }
  PartitionSet read;
  if (partitions.size() > kPartitionCount) {
    violations.Add("partitions", absl::StrCat("must be at most ", kPartitionCount));
    return read;
  }
  for (int i = 0; i < partitions.size(); ++i) {
    const int partition = partitions[i];
    const std::string field = absl::StrCat("partitions[", i, "]");
    if (partition < 0 || partition >= kPartitionCount) {
      violations.Add(field, absl::StrCat("must be 0 to ", kPartitionCount - 1));
    } else if (read[partition]) {
      violations.Add(field, "is there twice");
    } else {
      read.set(partition);
    }
  }
  return read;
}

std::string ReadConsumerName(absl::string_view name, Violations& violations) {
  const bool is_plain = absl::c_all_of(name, [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_' || c == '.';
  });
  if (!is_plain || name.size() > kConsumerNameLengthMax) {
    violations.Add("consumer", absl::StrCat("must be at most ", kConsumerNameLengthMax,
                                            " of a-z, 0-9, \"-\", \"_\" and \".\""));
  }
  return std::string(name);
}

}  // namespace clientele::feed
