#include "tests/support/call_log.h"

#include "absl/strings/str_format.h"

namespace clientele::history {

std::string DrawUuid(Random& random) {
  const uint64_t high = random();
  const uint64_t low = random();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, high >> 16 & 0xFFFF,
                         high & 0xFFF, low >> 48 & 0xFFF, low & 0xFFFF'FFFF'FFFF);
}

}  // namespace clientele::history
