#!/usr/bin/env bash
# Measures the figures of quality.md that exist so far (P3-P5, P7, P10, P14), prints one table and writes
# build/bench/results.json.
# Usage: bench/run.sh [--full] [--rounds N] [--write]
#   --full      P7 and P14 with 1,000,000 customers instead of 100,000
#   --rounds N  each side of a ratio N times, interleaved (default 5)
#   --write     also writes the table into docs/performance.md
# P7's rival is DuckDB (npm), P10's is PostgreSQL's COPY (Debian's postgresql-15, a private instance);
# "bash scripts/setup.sh bench" installs both; one that is not there is said to be missing.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in --help | -h) sed -n '2,9p' "$0"; exit 0 ;; esac
bash scripts/setup.sh build
bash scripts/build.sh release
mkdir -p build/bench
if command -v npm >/dev/null && [ ! -e build/bench/node_modules/@duckdb/node-api/package.json ]; then
  npm install --prefix build/bench --no-fund --no-audit --silent @duckdb/node-api@1.5.6-r.1 \
    || npm install --prefix build/bench --no-fund --no-audit --silent @duckdb/node-api \
    || echo "bench: npm has no DuckDB for this machine" >&2
fi
exec python3 -m bench.run "$@"
