// The main program of tests that need PostgreSQL: without one it says so and exits with the code
// that ctest takes for "skipped".

#include <cstdio>

#include "common/sql/testing/test_postgres.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in cmake/Targets.cmake

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  if (clientele::sql::TestPostgresDsn().empty()) {
    std::puts(
        "skipped: needs PostgreSQL; run scripts/run_tests.sh, or "
        "python3 -m tests.support.postgres COMMAND");
    return kSkipped;
  }
  // A child that is only forked would talk on its parent's connections.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  return RUN_ALL_TESTS();
}
