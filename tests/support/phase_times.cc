#include "tests/support/phase_times.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

std::string Describe(std::vector<double>& ms) {
  if (ms.empty()) {
    return "{\"calls\":0}";
  }
  std::sort(ms.begin(), ms.end());
  return absl::StrFormat("{\"calls\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}",
                         ms.size(), ms[ms.size() / 2], ms[ms.size() * 99 / 100], ms.back());
}

}  // namespace

void Phases::Follow() {
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
    CLIENTELE_CHECK(current_ + 1 < kMax);
    ++current_;
  }
}

void PhaseTimes::Own::Add(size_t phase, absl::Duration duration) {
  ms_[phase].push_back(absl::ToDoubleMilliseconds(duration));
}

void PhaseTimes::Add(const Own& own) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (size_t phase = 0; phase < Phases::kMax; ++phase) {
    all_.ms_[phase].insert(all_.ms_[phase].end(), own.ms_[phase].begin(), own.ms_[phase].end());
  }
}

std::string PhaseTimes::ToJson(size_t last) {
  std::vector<std::string> phases;
  phases.reserve(last + 1);
  for (size_t phase = 0; phase <= last; ++phase) {
    phases.push_back(Describe(all_.ms_[phase]));
  }
  return absl::StrCat("[", absl::StrJoin(phases, ","), "]");
}

}  // namespace clientele
