#ifndef SERVICES_LOYALTY_DOMAIN_TEST_CALENDAR_H_
#define SERVICES_LOYALTY_DOMAIN_TEST_CALENDAR_H_

// The days and the program that tests of the domain work with.

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// Day `day` of 2011 at noon.
inline absl::Time Day(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone()) +
         absl::Hours(12);
}

// Of pounds, in UTC.
inline const Program& Gbp() {
  static const Program* const program =
      new Program(DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()));
  return *program;
}

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_TEST_CALENDAR_H_
