#!/usr/bin/env bash
# Runs the tests of a built preset and counts the single test cases.
# Usage: run_tests.sh PRESET [ctest argument...]
# The tests get a PostgreSQL of their own (tests/support/postgres.py). Two run at a time, but for
# those that say how long something may take.
# Exit code 1 when a test failed, none ran, or that PostgreSQL could not be started.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
cd "$(dirname "$0")/.."
preset=$1; shift
if [ -z "${CLIENTELE_TEST_DATA:-}" ] && [ -d ../shared/data ]; then
  CLIENTELE_TEST_DATA=$(cd ../shared/data && pwd)
  export CLIENTELE_TEST_DATA
fi
results=$PWD/build/$preset/test-results
rm -rf "$results"
mkdir -p "$results"
status=0
GTEST_OUTPUT="xml:$results/" python3 -m tests.support.postgres \
  ctest --preset "$preset" --parallel 2 --output-junit "$results/ctest.junit" "$@" || status=$?
python3 scripts/count_tests.py "$results" || status=1
exit "$status"
