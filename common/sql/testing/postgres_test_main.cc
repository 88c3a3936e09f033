// The main program of tests that need PostgreSQL: without one it says so and exits with the code
// that ctest takes for "skipped". With --citus it runs them on Citus instead.

#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "common/sql/testing/test_postgres.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace {

constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in cmake/Targets.cmake

// Says what to run on, and whether there is any.
bool FindServer(bool on_citus) {
  if (!on_citus) {
    if (clientele::sql::TestPostgresDsn().empty()) {
      std::puts(
          "skipped: needs PostgreSQL; run scripts/run_tests.sh, or "
          "python3 -m tests.support.postgres COMMAND");
      return false;
    }
    return true;
  }
  switch (clientele::sql::UseTestCitus()) {
    case clientele::sql::TestCitus::kNone:
      std::puts("skipped: needs Citus; set CLIENTELE_TEST_CITUS_DSN to its coordinator");
      return false;
    case clientele::sql::TestCitus::kStandIn:
      std::puts(
          "no CLIENTELE_TEST_CITUS_DSN: on a PostgreSQL that stands in for Citus, and only checks "
          "how tables are distributed (tests/support/citus_stand_in.sql)");
      return true;
    case clientele::sql::TestCitus::kCoordinator:
      return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  if (!FindServer(argc > 1 && absl::string_view(argv[1]) == "--citus")) {
    return kSkipped;
  }
  // A child that is only forked would talk on its parent's connections.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  return RUN_ALL_TESTS();
}
