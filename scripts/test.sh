#!/usr/bin/env bash
# Installs, builds and runs every test; the last line is "N passed, N failed, N skipped".
# Usage: test.sh
# Tests on real data use $CLIENTELE_TEST_DATA, else ../shared/data beside the checkout, and are
# skipped with a message when there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh build
bash scripts/build.sh release
bash scripts/chart_tools.sh || echo "test.sh: the tests of the Helm charts are skipped"
exec bash scripts/run_tests.sh release
