#!/usr/bin/env bash
# Measures the figures of quality.md that exist so far (P1-P7, P10, P11, P13, P14), each beside its rival in the
# same run, prints one table with what each must reach, and writes build/bench/results.json. About ten minutes on two
# idle cores.
# Usage: bench/run.sh [--full] [--rounds N] [--only SUBJECT]... [--write]
#        bench/run.sh --growth [--rounds N] [--write]
#   --full          P7 and P14 with 1,000,000 customers instead of 100,000
#   --rounds N      each side of a ratio N times, interleaved (default 5)
#   --only SUBJECT  cache (P1, P11), security (P2), postgres (P3, P4, P6), sqlite (P5, P6), feed (P13), rescore (P7),
#                   import (P10), start (P14); as often as wanted
#   --growth        P3, P7, P10 and P13 at 1 %, 10 % and 100 % of their stated sizes instead: about 3 minutes with
#                   --rounds 3
#   --write         also writes the table (and the chart of --growth) into docs/performance.md, and what follows from
#                   it into docs/scaling.md
# P7's rival is DuckDB (npm), the others' is Debian's postgresql-15 (a private instance); "bash scripts/setup.sh bench"
# installs both; one that is not there is said to be missing. bench/README.md says what each program measures.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in --help | -h) sed -n '2,16p' "$0"; exit 0 ;; esac
bash scripts/setup.sh build
bash scripts/build.sh release
mkdir -p build/bench
if command -v npm >/dev/null && [ ! -e build/bench/node_modules/@duckdb/node-api/package.json ]; then
  npm install --prefix build/bench --no-fund --no-audit --silent @duckdb/node-api@1.5.6-r.1 \
    || npm install --prefix build/bench --no-fund --no-audit --silent @duckdb/node-api \
    || echo "bench: npm has no DuckDB for this machine" >&2
fi
exec python3 -m bench.run "$@"
